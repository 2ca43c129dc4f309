"""The terminal at the counter."""
