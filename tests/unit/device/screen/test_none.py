"""A terminal without a screen (device/screen/none.py): it shows nothing and loads no pygame."""

import subprocess
import sys

from device.core.policy import Look, Texts
from device.ports import Screen
from device.screen.none import NoScreen

OPEN_WITHOUT_SCREEN = """
import sys
from device import terminal
from device.settings import parse
from pathlib import Path

text = '[terminal]\\nid = "t"\\ncounter = "Q"\\n[screen]\\nfitted = false\\n'
screen = terminal.open_screen(parse(text.encode(), Path()), terminal.Options())
print(type(screen).__name__, "pygame" in sys.modules)
"""


def test_nothing_is_shown_and_nothing_touched() -> None:
    screen: Screen = NoScreen()
    screen.dress(Look(), Texts())
    assert list(screen.touched()) == []
    assert not screen.closed()
    screen.close()


def test_a_terminal_without_a_screen_loads_no_pygame() -> None:
    done = subprocess.run(
        [sys.executable, "-c", OPEN_WITHOUT_SCREEN], capture_output=True, text=True, check=True
    )
    assert done.stdout == "NoScreen False\n"
