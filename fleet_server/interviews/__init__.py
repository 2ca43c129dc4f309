"""What jobs does for interviews: erases contact data at its end."""
