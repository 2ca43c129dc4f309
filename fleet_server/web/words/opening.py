"""Opening hours in few words."""

from itertools import groupby

from babel.dates import get_day_names
from flask_babel import get_locale, gettext

from fleet_server.core.opening import Span, Week, write_spans


def weekdays() -> list[str]:
    """Return the short names of the days, Monday first."""
    names = get_day_names("abbreviated", locale=get_locale() or "vi")
    return [str(names[n]) for n in range(7)]


def spans(found: tuple[Span, ...]) -> str:
    """Return the hours of a day."""
    return write_spans(found) or gettext("office closed")


def week(held: Week) -> list[tuple[str, str]]:
    """Return the hours of a week: days that follow each other and are alike, and their hours."""
    names = weekdays()
    found = []
    for told, days in groupby(range(7), key=lambda n: held.spans(n)):
        numbers = list(days)
        first, last = names[numbers[0]], names[numbers[-1]]
        found.append((first if len(numbers) == 1 else f"{first} – {last}", spans(told)))
    return found
