"""What the pages read: roll-ups, the last states, and the lists of one counter or terminal."""
