"""What jobs does for signals of cheating: counts days that are over, and looks at each counter."""
