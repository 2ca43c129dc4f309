"""Opening hours and closed days of the fleet, its units and its counters."""
