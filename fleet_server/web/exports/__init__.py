"""Taking figures away as they are seen."""
