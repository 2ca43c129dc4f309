"""What was exported before: a small file, written only after the stick has it for good."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from wire import ids
from wire.files import write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_log = logging.getLogger(__name__)
FILE = "exported.json"
_MAX_BYTES = 1 << 20

Exported = dict[str, tuple[int, str]]
"""The last exported position of each chain, and the record's hash there."""


def read(data: Path) -> Exported:
    """Return what was exported; nothing if the file is not there or damaged."""
    try:
        with (data / FILE).open("rb") as file:
            values = json.loads(file.read(_MAX_BYTES))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        _log.warning("%s cannot be read (%s): everything is exported again", FILE, error)
        return {}
    return {
        chain: (place[0], place[1])
        for chain, place in (values.items() if isinstance(values, dict) else ())
        if ids.RANDOM_ID.fullmatch(chain) and _is_place(place)
    }


def write(data: Path, exported: Mapping[str, tuple[int, str]]) -> None:
    """Remember durably what was exported.

    Raises:
        OSError: The disk refuses; the next stick gets the same records again.
    """
    write_atomic(data / FILE, json.dumps(exported, sort_keys=True).encode("ascii"))


def _is_place(place: object) -> bool:
    match place:
        case [int(), str()]:
            return True
    return False
