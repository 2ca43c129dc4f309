"""A datagram socket between the two processes of a terminal: "look, there is something new".

Either may be absent, crash or be slow: ringing never blocks and never fails, and whoever is rung
looks again by itself within a second or so anyway. A datagram may carry a small JSON object with
what the terminal wants to have reported (health figures, what became of a configuration or
command); losing one loses nothing that matters, since the sender repeats it.
"""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Side = Literal["terminal", "uplink"]
_OTHER: dict[Side, Side] = {"terminal": "uplink", "uplink": "terminal"}
_LONGEST = 16384
_AT_ONCE = 64


class WakeUp:
    """One side's socket, ``<side>.sock`` under ``data``."""

    def __init__(self, data: Path, side: Side) -> None:
        data.mkdir(parents=True, exist_ok=True)
        # Addressed through the folder's descriptor: a socket's path may have 107 bytes only.
        self._folder = os.open(data, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._other = self._address(_OTHER[side])
        with suppress(FileNotFoundError):
            (data / f"{side}.sock").unlink()
        self._socket.bind(self._address(side))

    def ring(self, report: Mapping[str, Any] | None = None) -> None:
        """Wake the other side, if it is there; ``report`` is for it to pass on."""
        data = b"" if report is None else json.dumps(report, ensure_ascii=False).encode()
        if len(data) <= _LONGEST:
            with suppress(OSError):
                self._socket.sendto(data, self._other)

    def fileno(self) -> int:
        """Return a descriptor that is readable when the other side rang."""
        return self._socket.fileno()

    def drain(self) -> list[dict[str, Any]]:
        """Take what has come; never blocks. Returns the reports, without what is none."""
        reports = []
        for _ in range(_AT_ONCE):
            try:
                data = self._socket.recv(_LONGEST)
            except OSError:
                break
            with suppress(ValueError, RecursionError):
                report = json.loads(data) if data else None
                if isinstance(report, dict):
                    reports.append(report)
        return reports

    def close(self) -> None:
        """Close the socket; its file stays, and the next start replaces it."""
        self._socket.close()
        os.close(self._folder)

    def _address(self, side: Side) -> str:
        return f"/proc/self/fd/{self._folder}/{side}.sock"
