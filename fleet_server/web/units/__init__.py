"""The page of the units."""
