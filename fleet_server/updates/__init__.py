"""Images for terminals: bundles taken in, and rollouts driven."""
