"""The fleet server."""
