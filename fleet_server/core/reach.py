"""Until when a terminal's place lay in a unit, so that what was signed then speaks for it. Pure."""

from dataclasses import dataclass
from datetime import tzinfo

from fleet_server.core.days import named_day

FOREVER = 2**63 - 1
"""The end of what lasts."""
_FIRST, _LAST = "1970-01-02", "9999-01-01"


@dataclass(frozen=True, slots=True)
class Stay:
    """A terminal stood, Unix ms, at a counter that lay in a unit on days; ends are exclusive."""

    since: int
    until: int | None
    since_day: str
    until_day: str


def end_of(stay: Stay, zone: tzinfo) -> int | None:
    """Return when the terminal's place in the unit ended; None if it never was one."""
    begin = max(stay.since, _start(stay.since_day, zone))
    end = min(FOREVER if stay.until is None else stay.until, _start(stay.until_day, zone))
    return end if begin < end else None


def _start(day: str, zone: tzinfo) -> int:
    if day < _FIRST:
        return 0
    return FOREVER if day >= _LAST else named_day(day, zone).start
