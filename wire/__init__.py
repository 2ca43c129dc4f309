"""What passes between terminal and server: the leaf both sides import."""
