"""Who this terminal is: its key, its certificate, and the fleet it belongs to."""
