"""One-time links: a password for who is new or has none any more."""
