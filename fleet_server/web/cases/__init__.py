"""The pages of the cases to be explained."""
