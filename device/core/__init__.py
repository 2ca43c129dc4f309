"""The terminal's pure rules: no clock, no thread, no input or output."""
