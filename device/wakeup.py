"""A datagram socket between the two processes of a terminal: "look, there is something new".

Either may be absent, crash or be slow: ringing never blocks and never fails, and whoever is rung
looks again by itself within a second or so anyway. A datagram may carry a small JSON object with
what the terminal wants to have reported (health figures); losing one loses nothing that matters,
since the sender repeats it.

The address is an abstract one (unix(7)) made from the data folder's path: no file is left behind
by a crash, none gets into a copy of the card, and no path is too long. Anybody on the machine can
write to such an address, so only datagrams of the same user are heard.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import socket
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

log = logging.getLogger(__name__)

Side = Literal["terminal", "uplink"]
_OTHER: dict[Side, Side] = {"terminal": "uplink", "uplink": "terminal"}
_LONGEST = 16384
_AT_ONCE = 64
_CREDENTIALS = struct.Struct("iII")  # struct ucred: pid, uid, gid


class WakeUp:
    """One side's socket for the terminal whose files are under ``data``."""

    def __init__(self, data: Path, side: Side) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._other = _address(data, _OTHER[side])
        try:
            self._socket.bind(_address(data, side))
        except OSError as error:
            log.warning("no wake-up socket (%s); looking each second instead", error)

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
                data, extra, _, _ = self._socket.recvmsg(
                    _LONGEST, socket.CMSG_SPACE(_CREDENTIALS.size)
                )
            except OSError:
                break
            if not data or not _is_own(extra):
                continue
            with suppress(ValueError, RecursionError):
                report = json.loads(data)
                if isinstance(report, dict):
                    reports.append(report)
        return reports

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def _address(data: Path, side: Side) -> bytes:
    name = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:32]
    return f"\0hailong/{os.getuid()}/{name}/{side}".encode("ascii")


def _is_own(extra: list[tuple[int, int, bytes]]) -> bool:
    for level, kind, data in extra:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
            return bool(_CREDENTIALS.unpack(data[: _CREDENTIALS.size])[1] == os.getuid())
    return False
