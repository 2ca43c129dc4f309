"""A terminal without hardware: lines of text move mock pins and touch the screen."""
