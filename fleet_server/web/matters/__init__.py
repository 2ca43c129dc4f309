"""The pages of what a person should look at."""
