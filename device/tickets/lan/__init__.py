"""Tickets from the site's own queue system, over TLS on the local network."""
