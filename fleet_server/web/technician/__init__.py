"""What a technician needs on the way: a view for the phone."""
