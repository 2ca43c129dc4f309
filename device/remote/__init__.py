"""What the fleet asks of the terminal process: configuration, commands, a new key."""
