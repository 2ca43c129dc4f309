"""A look at the network that one process asks for and another one takes: the file between them.

The uplink alone writes it. Each asking has a name, by which an older answer is told from its own.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from device.core import network
from wire.files import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from device.core.network import Finding
    from device.wakeup import WakeUp

_FILE = "network.json"
_LONGEST = 64


class Asked:
    """The terminal's side.

    Args:
        data: Folder of the terminal's files.
        wake: Rings the uplink.
    """

    def __init__(self, data: Path, wake: WakeUp) -> None:
        self._file = data / _FILE
        self._wake = wake
        self._asked = ""

    def ask(self) -> None:
        """Have the network looked at anew."""
        self._asked = secrets.token_hex(8)
        self._wake.ring({"check": self._asked})

    def found(self) -> tuple[Finding, ...]:
        """Return what was found for the newest asking; nothing until then."""
        try:
            said = json.loads(self._file.read_bytes())
        except (OSError, ValueError, RecursionError):
            return ()
        if not isinstance(said, dict) or said.get("asked") != self._asked:
            return ()
        return network.from_json(said.get("steps"))


def answer(data: Path, asked: object, found: tuple[Finding, ...]) -> None:
    """Write down what was found; an asking that is none is left alone.

    Raises:
        OSError: The file cannot be written.
    """
    if isinstance(asked, str) and 0 < len(asked) <= _LONGEST:
        said = {"asked": asked, "steps": [network.as_json(each) for each in found]}
        write_atomic(data / _FILE, json.dumps(said).encode(), 0o600)
