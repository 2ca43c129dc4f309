"""The days of a branch or a counter as JSON, for zooming."""
