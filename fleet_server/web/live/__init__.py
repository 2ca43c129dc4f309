"""How open pages learn that something changed."""
