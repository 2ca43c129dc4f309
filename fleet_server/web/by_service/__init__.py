"""The page of the services."""
