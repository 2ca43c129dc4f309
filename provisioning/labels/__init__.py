"""Labels for terminals, as sheets to print."""
