"""Runs Mosquitto as a child and makes it read the revocation list when that has changed."""

import signal
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

LOOK_S = 1.0
"""Seconds between two looks at the list."""


def run(command: Sequence[str], crl: Path) -> int:
    """Run the broker until it ends or we are told to; return its exit code."""
    told = threading.Event()

    def tell(_number: int, _frame: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    seen = _mark(crl)
    with subprocess.Popen(command) as child:  # noqa: S603 - a fixed program, no shell
        while child.poll() is None and not told.wait(LOOK_S):
            mark = _mark(crl)
            if mark != seen:
                child.send_signal(signal.SIGHUP)
                seen = mark
        if child.poll() is None:
            child.terminate()
        code = child.wait()
    # Ended because we were told to: that is no failure.
    return 0 if told.is_set() else code


def _mark(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino
