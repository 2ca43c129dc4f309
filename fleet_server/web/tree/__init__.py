"""The pages on which units, counters and terminals are looked after."""
