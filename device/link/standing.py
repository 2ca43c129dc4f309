"""What the uplink says of itself: whether it is connected, and what keeps it from the fleet.

A small file that it alone writes. The screen reads the stage; ``hailong-terminal check`` reads the
connection, which counts only while the uplink runs: it holds its lock for as long.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from device.core.joining import STAGES
from wire.files import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from device.core.joining import Stage

_FILE = "uplink.json"
LOCK = "uplink.lock"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the uplink stands with the server.

    Attributes:
        connected: The broker has taken the connection.
        stage: What is in the way into the fleet; None when nothing is, though the connection may
            be down for a while.
    """

    connected: bool = False
    stage: Stage | None = None


def tell(data: Path, standing: Standing) -> None:
    """Write it, if it is not what stands there.

    Raises:
        OSError: The file system refuses.
    """
    if standing != told(data):
        write_atomic(data / _FILE, json.dumps(asdict(standing)).encode())


def told(data: Path) -> Standing:
    """Return what was written last; not connected and no stage when nothing can be read."""
    try:
        held = json.loads((data / _FILE).read_bytes())
        connected, stage = held["connected"], held["stage"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return Standing()
    return Standing(connected is True, stage if stage in STAGES else None)


def is_connected(data: Path) -> bool | None:
    """Return whether the running uplink is connected; None where none runs."""
    return told(data).connected if _is_running(data / LOCK) else None


def _is_running(lock: Path) -> bool:
    try:
        descriptor = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
