"""What happens at the counter: presses, touches and tickets in; records, light and screen out."""
