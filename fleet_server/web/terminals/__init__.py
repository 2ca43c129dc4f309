"""The pages of the terminals."""
