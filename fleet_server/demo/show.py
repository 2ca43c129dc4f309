"""What the demo says to the person who started it."""

import shutil
import sys

from fleet_server import clock

QUIET_SHOW_EVERY_S = 10.0


class StatusLine:
    """One line that is written over and over on a terminal, and seldom elsewhere."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()
        self._next = 0.0

    def show(self, text: str) -> None:
        """Show the line as it is now."""
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            print(f"\r\x1b[K{text[:width]}", end="", flush=True)
        elif clock.monotonic_s() >= self._next:
            self._next = clock.monotonic_s() + QUIET_SHOW_EVERY_S
            say(text)

    def end(self) -> None:
        """Leave the line standing."""
        if self._live:
            print(flush=True)


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)
