"""The SD card's image: built, signed, verified. See README.md."""
