"""A field for the name of a time zone: one that every terminal has."""

import re
from functools import cache
from importlib.resources import files
from typing import Any

from wire.errors import WireError
from wire.fields import Field

_FIXED = re.compile(r"UTC|Etc/\S+")


def zone() -> Field:
    """Return a field for a zone's IANA name.

    Former names (``Asia/Saigon``) are refused: not every system that is to be set to the zone
    knows them, Debian leaves them out since version 13.
    """

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in names():
            raise WireError("is not a time zone as Asia/Ho_Chi_Minh")
        return value

    return Field(read, read)


@cache
def names() -> frozenset[str]:
    """Return the zones of places and of fixed hours: those of our lock file, on every machine."""
    data = files("tzdata")
    lines = (data / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines()
    places = (line.split("\t")[2] for line in lines if not line.startswith("#"))
    fixed = filter(_FIXED.fullmatch, (data / "zones").read_text("utf-8").split())
    return frozenset((*places, *fixed))
