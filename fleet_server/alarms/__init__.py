"""What jobs does for alarms: looks each minute at what is the case, and raises them."""
