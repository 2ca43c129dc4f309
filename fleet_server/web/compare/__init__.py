"""The page that sets units and counters side by side."""
