"""Where the uplink writes what keeps the terminal from its fleet, and the terminal reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from device.core.joining import STAGES
from wire.files import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from device.core.joining import Stage

_FILE = "joining.json"


def tell(data: Path, stage: Stage | None) -> None:
    """Write how far the terminal is; None when nothing is in its way.

    Raises:
        OSError: The file system refuses.
    """
    if stage is None:
        (data / _FILE).unlink(missing_ok=True)
    elif stage != told(data):
        write_atomic(data / _FILE, json.dumps({"stage": stage}).encode())


def told(data: Path) -> Stage | None:
    """Return what was written last; None when nothing is in the way, or nothing can be read."""
    try:
        stage = json.loads((data / _FILE).read_bytes())["stage"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return cast("Stage", stage) if stage in STAGES else None
