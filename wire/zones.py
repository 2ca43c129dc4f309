"""A field for the name of a time zone: one that every terminal has."""

import re
import zoneinfo
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from wire.errors import WireError
from wire.fields import Field

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,31}(?:/[A-Za-z0-9_+-]{1,31}){0,2}", re.ASCII)
_LIST = "zone.tab"
_NOWHERE = ("UTC", "Etc/")


def zone() -> Field:
    """Return a field for a zone's IANA name.

    Former names (``Asia/Saigon``) are refused though this machine may know them: Debian leaves
    them out since version 13, and so does the image of a terminal.
    """

    def read(value: Any) -> str:
        if not isinstance(value, str) or not _NAME.fullmatch(value) or not _known(value):
            raise WireError("is not a time zone as Asia/Ho_Chi_Minh")
        return value

    return Field(read, read)


def _known(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone, or a folder of zones
        return False
    current = _current()
    return not current or name in current or name.startswith(_NOWHERE)


@cache
def _current() -> frozenset[str]:
    """Return the places that have a zone today; none where the machine has no list of them."""
    for folder in zoneinfo.TZPATH:
        with suppress(OSError):
            lines = (Path(folder) / _LIST).read_text("utf-8").splitlines()
            return frozenset(line.split("\t")[2] for line in lines if not line.startswith("#"))
    return frozenset()
