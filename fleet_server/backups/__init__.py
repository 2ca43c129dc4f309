"""Backups of a fleet: made, read again, put back."""
