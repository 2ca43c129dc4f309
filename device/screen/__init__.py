"""The rating screen: pygame draws it, an SDL window shows it."""

import os

# Before anything here imports pygame: standard output is for what scripts read.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
