"""Table ``[hours]``: opening hours, brightness, and when a service day ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from device.core.policy import DAY_MIN, Hours, Span
from wire.errors import WireError

if TYPE_CHECKING:
    from device.settings.tables import Table

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST_SPANS = 8
_MOST_STEPS = 48
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)
_OPENING = 'must be a table of days, as {mon = ["07:30-11:30", "13:00-16:30"]}'
_BRIGHTNESS = (
    f"must be a table of up to {_MOST_STEPS} times and per cent from 1 to 100,"
    ' as {"06:00" = 100, "18:00" = 40}'
)


def read(table: Table) -> Hours:
    """Read the table.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    normal = Hours()
    return Hours(
        opening=table.parsed("opening", normal.opening, _opening),
        brightness=table.parsed("brightness", normal.brightness, _brightness),
        day_ends=table.parsed("day_ends", normal.day_ends, _moment),
    )


def _opening(value: Any) -> tuple[Span, ...]:
    if not isinstance(value, dict) or not value.keys() <= set(_DAYS):
        raise WireError(f"{_OPENING}; the days are {', '.join(_DAYS)}")
    found: list[Span] = []
    for day, spans in value.items():
        if not isinstance(spans, list) or len(spans) > _MOST_SPANS:
            raise WireError(f"{day}: must be a list of up to {_MOST_SPANS} times")
        found += [_span(day, each) for each in spans]
    if not found:
        raise WireError("names no time at which the office is open; leave it out for always")
    return tuple(sorted(found, key=lambda span: (span.weekday, span.since)))


def _span(day: str, value: Any) -> Span:
    since, dash, until = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not dash or not _TIME.fullmatch(since) or not _TIME.fullmatch(until):
        raise WireError(f"{day}: must be times as 07:30-11:30, until 24:00 at the latest")
    span = Span(_DAYS.index(day), _minute(since), _minute(until))
    if span.since >= span.until:
        raise WireError(f"{day}: must end later than it begins")
    return span


def _brightness(value: Any) -> tuple[tuple[int, int], ...]:
    if not isinstance(value, dict) or not 1 <= len(value) <= _MOST_STEPS:
        raise WireError(_BRIGHTNESS)
    found = []
    for at, percent in value.items():
        if type(percent) is not int or not 1 <= percent <= 100:
            raise WireError(_BRIGHTNESS)
        found.append((_moment(at), percent))
    return tuple(sorted(found))


def _moment(value: Any) -> int:
    """Return the minute of the day that a text as ``06:00`` names."""
    if not isinstance(value, str) or not _TIME.fullmatch(value) or _minute(value) == DAY_MIN:
        raise WireError('must be a time as "06:00", from 00:00 to 23:59')
    return _minute(value)


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])
