"""``link.db``: what the uplink knows of the server; written by it, read by the terminal."""
