"""Who may publish and read what, written down for each supported broker."""
