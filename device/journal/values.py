"""The journal's columns as what they must be: a broken card may give anything."""

from device.journal.database import DamagedError


def whole(value: object) -> int:
    """Return a number; raises DamagedError where it is none."""
    if not isinstance(value, int):
        raise DamagedError("a number in it is none")
    return value


def text(value: object) -> str:
    """Return a text; raises DamagedError where it is none."""
    if not isinstance(value, str):
        raise DamagedError("a text in it is none")
    return value


def octets(value: object) -> bytes:
    """Return bytes; raises DamagedError where they are none."""
    if not isinstance(value, bytes):
        raise DamagedError("a record in it is no bytes")
    return value
