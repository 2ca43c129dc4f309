"""What an office may set at its terminals from afar: each table, its keys, and what they may be.

These are the ``settings`` of a configuration (WIRE.md section 5), and the same tables of a
terminal's own file. Server and terminal read them by these rules, so that what no terminal takes
is never sent. Two things only a terminal knows: for which languages it has texts, and which codes
of items have a text of its own.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, get_args

from wire.errors import WireError
from wire.fields import integer, listing, matching, one_of, printable, text
from wire.ids import COUNTER_CODE
from wire.records import TicketOrigin

Read = Callable[[Any], Any]
"""Returns the value of a key as Python's; raises `WireError` with what is allowed."""

Words = tuple[tuple[str, str], ...]
"""Pairs of language and text."""

MOST_ITEMS = 15
MOST_LANGUAGES = 16
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MIN = 24 * 60
SOURCES: tuple[TicketOrigin, ...] = get_args(TicketOrigin)

_LONGEST_LABEL = 60
_LONGEST_QUESTION = 200
_MOST_SPANS = 8
_MOST_STEPS = 48
_CODE = matching(COUNTER_CODE, "a code of 1 to 32 letters, digits, '.', '_' or '-'")
_LANGUAGE = matching(re.compile(r"[a-z]{2,3}(_[A-Z]{2})?"), "a language code such as vi or zh_TW")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)
_WORDS = f'must be a table of 1 to {MOST_LANGUAGES} languages, as {{vi = "…", en = "…"}}'
_OPENING = 'must be a table of days, as {mon = ["07:30-11:30", "13:00-16:30"]}'
_BRIGHTNESS = (
    f"must be a table of up to {_MOST_STEPS} times and per cent from 1 to 100,"
    ' as {"06:00" = 100, "18:00" = 40}'
)


def check(settings: Mapping[str, Any]) -> None:
    """Refuse what no terminal would take.

    Raises:
        WireError: a table or key is unknown or a value wrong; the text names it.
    """
    for name, table in settings.items():
        if name not in TABLES:
            known = ", ".join(TABLES)
            raise WireError(f"{printable(name)}: cannot be set from afar; only {known} can")
        if not isinstance(table, Mapping):
            raise WireError(f"{name}: must be a table")
        for key, value in table.items():
            _check_key(name, key, value)


def _check_key(name: str, key: str, value: Any) -> None:
    if key not in TABLES[name]:
        known = ", ".join(sorted(TABLES[name]))
        raise WireError(f"{name}.{printable(key)}: is unknown; the keys here are {known}")
    try:
        TABLES[name][key](value)
    except WireError as error:
        raise WireError(f"{name}.{key}: {error}") from None


def _distinct(read: Read, code: Callable[[Any], str]) -> Read:
    def read_distinct(value: Any) -> Any:
        found = read(value)
        names = [code(each) for each in found]
        for name in names:
            if names.count(name) > 1:
                raise WireError(f"names {name} twice")
        return found

    return read_distinct


def _words(longest: int) -> Read:
    """Return a reader of a table such as ``{vi = "…", en = "…"}``."""

    def read(value: Any) -> Words:
        if not isinstance(value, Mapping) or not 1 <= len(value) <= MOST_LANGUAGES:
            raise WireError(_WORDS)
        return tuple(_word(language, said, longest) for language, said in value.items())

    return read


def _word(language: Any, value: Any, longest: int) -> tuple[str, str]:
    _LANGUAGE.read(language)
    try:
        said: str = text(longest).read(value)
        if not said.strip():
            raise WireError("must not be blank")
    except WireError as error:
        raise WireError(f"{language}: {error}") from None
    return language, said


def _items(value: Any) -> tuple[tuple[str, Words], ...]:
    """Return codes with their labels, from codes alone or ``{code = "parking", vi = "…"}``."""
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_ITEMS:
        raise WireError(f"must be a list of 1 to {MOST_ITEMS} items")
    found = []
    for number, each in enumerate(value, 1):
        try:
            found.append(_item(each))
        except WireError as error:
            raise WireError(f"item {number}: {error}") from None
    return tuple(found)


def _item(value: Any) -> tuple[str, Words]:
    labels = dict(value) if isinstance(value, Mapping) else {"code": value}
    code: str = _CODE.read(labels.pop("code", None))
    return code, _words(_LONGEST_LABEL)(labels) if labels else ()


def _opening(value: Any) -> tuple[tuple[int, int, int], ...]:
    """Return weekday (0 is Monday), first minute and the minute after the last, in order."""
    if not isinstance(value, Mapping) or not value.keys() <= set(DAYS):
        raise WireError(f"{_OPENING}; the days are {', '.join(DAYS)}")
    found: list[tuple[int, int, int]] = []
    for day, spans in value.items():
        if not isinstance(spans, list) or len(spans) > _MOST_SPANS:
            raise WireError(f"{day}: must be a list of up to {_MOST_SPANS} times")
        found += [_span(day, each) for each in spans]
    if not found:
        raise WireError("names no time at which the office is open; leave it out for always")
    return tuple(sorted(found))


def _span(day: str, value: Any) -> tuple[int, int, int]:
    since, dash, until = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not dash or not _TIME.fullmatch(since) or not _TIME.fullmatch(until):
        raise WireError(f"{day}: must be times as 07:30-11:30, until 24:00 at the latest")
    if _minute(since) >= _minute(until):
        raise WireError(f"{day}: must end later than it begins")
    return DAYS.index(day), _minute(since), _minute(until)


def _brightness(value: Any) -> tuple[tuple[int, int], ...]:
    """Return minutes of the day with the per cent from then on, in order."""
    if not isinstance(value, Mapping) or not 1 <= len(value) <= _MOST_STEPS:
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


def _minute(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


TABLES: Mapping[str, Mapping[str, Read]] = {
    "tickets": {
        "without": one_of("wait", "unbound").read,
        "open_after_closed_s": integer(0, 3600).read,
        "sources": _distinct(listing(one_of(*SOURCES), len(SOURCES), shortest=1).read, str),
    },
    "asking": {
        "mode": one_of("rating", "items").read,
        "reasons": one_of("every", "unsatisfied", "never").read,
        "items": _distinct(_items, lambda item: str(item[0])),
        "answer_s": integer(5, 300).read,
        "warning_s": integer(0, 120).read,
    },
    "look": {
        "languages": _distinct(listing(_LANGUAGE, MOST_LANGUAGES, shortest=1).read, str),
        "letters": one_of("normal", "large").read,
        "contrast": one_of("normal", "high").read,
    },
    "texts": {"question": _words(_LONGEST_QUESTION)},
    "hours": {"opening": _opening, "brightness": _brightness, "day_ends": _moment},
}
"""The reader of each key, by its table."""
