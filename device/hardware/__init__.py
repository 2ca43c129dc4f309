"""Buttons and LEDs on the pins of the board."""
