"""What jobs does for cases: opens them when days are over, and sees to their deadlines."""
