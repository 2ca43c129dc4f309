"""The pages of alarms, of their rules, and of letters."""
