"""Looking whether the network leads to the fleet, one step after the other."""
