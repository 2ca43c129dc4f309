"""The pages of the counters, and their figures over days."""
