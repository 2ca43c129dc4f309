"""The pages of signs of cheating."""
