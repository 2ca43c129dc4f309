"""Images of terminals: versions in use, and rollouts."""
