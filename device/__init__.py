"""The terminal at the counter."""

import os

# Before anybody imports pygame, which would greet on standard output: there a simulation answers.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
