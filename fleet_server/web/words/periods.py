"""What periods are called."""

from flask_babel import gettext as _

from fleet_server.core.spans import Period, half_year, read, whole_year
from fleet_server.web import language


def period(one: Period) -> str:
    """Write a period, such as *Tháng 11/2026*."""
    if one.kind == "day":
        return f"{language.weekday(one.first.isoformat())} {language.day(one.first.isoformat())}"
    if one.kind == "week":
        year = one.first.isocalendar().year
        return str(_("Week %(number)s of %(year)s", number=one.number, year=year))
    if one.kind == "month":
        return str(_("Month %(number)s of %(year)s", number=one.number, year=one.first.year))
    if one.kind == "quarter":
        return str(_("Quarter %(number)s of %(year)s", number=one.number, year=one.first.year))
    return _of_months(one) or days(one)


def _of_months(one: Period) -> str:
    """Write a span that is a year or half of one; nothing of others."""
    if one == whole_year(one.first):
        return str(_("Year %(year)s", year=one.first.year))
    if one == half_year(one.first):
        if one.first.month == 1:
            return str(_("First half of %(year)s", year=one.first.year))
        return str(_("Second half of %(year)s", year=one.first.year))
    return ""


def week(text: str) -> str:
    """Write a week that is named as 2026-W46."""
    return period(read(text))


def days(one: Period) -> str:
    """Write the days of a period, such as *16/11/2026 – 22/11/2026*."""
    first, last = language.day(one.first.isoformat()), language.day(one.last.isoformat())
    return first if one.length == 1 else f"{first} – {last}"


def service(name: str | None) -> str:
    """Write a service; an empty name is none that is known."""
    return name or str(_("service not known"))
