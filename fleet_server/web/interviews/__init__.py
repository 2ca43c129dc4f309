"""Interviews of citizens who were drawn: my list, reaching them, and what came of it."""
