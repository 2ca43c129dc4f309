"""What belongs to the person at the browser."""
