"""Two languages, Vietnamese first: which one, its catalogue, its numbers and dates.

Catalogues are read from their .po files when first needed, so there is no compiled copy that
could be older than its source.
"""

from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, g, request, session
from flask_babel import Babel, Domain, get_domain, get_locale, ngettext
from markupsafe import Markup

from fleet_server.core.days import local
from fleet_server.web import cookieless
from fleet_server.web.services import services

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT = "vi"
SESSION_KEY = "language"
ARGUMENT = "lang"
FOLDER = Path(__file__).parent / "translations"
DATES = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}


class Catalogue(Domain):  # type: ignore[misc]  # Flask-Babel brings no types
    """Translations straight from ``translations/<language>/LC_MESSAGES/messages.po``."""

    def get_translations(self) -> NullTranslations:
        """Return the translations of this request's language; English needs none."""
        language = current()
        if language not in self.cache:
            self.cache[language] = _load(FOLDER / language / "LC_MESSAGES" / "messages.po")
        return cast(NullTranslations, self.cache[language])

    def ngettext(self, singular: str, plural: str, num: int, **variables: object) -> str:
        """Return the words for a number, which stands in them as people write it."""
        return str(_form(singular, plural, num) % {"num": number(num), **variables})


def _form(singular: str, plural: str, num: int) -> str:
    return str(get_domain().get_translations().ngettext(singular, plural, num))


def counted(singular: str, plural: str, num: int, **variables: object) -> Markup:
    """Do the same for templates: what is put into the words is escaped."""
    words = Markup(_form(singular, plural, num))  # noqa: S704  # our own words may hold entities
    return words % {"num": number(num), **variables}


def _load(path: Path) -> NullTranslations:
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


class PageBabel(Babel):  # type: ignore[misc]  # Flask-Babel brings no types
    """Flask-Babel with our catalogue as its default domain."""

    domain_instance = Catalogue()


def current() -> str:
    """Return the language of this request, Vietnamese outside of one."""
    locale = get_locale()
    return str(locale.language) if locale is not None else DEFAULT


def choose() -> str:
    """Return the language that this session asked for, or the address of a page without one."""
    if cookieless.is_asked():
        wanted = request.args.get(ARGUMENT, DEFAULT)
    else:
        wanted = session.get(SESSION_KEY, DEFAULT)
    return wanted if wanted in LANGUAGES else DEFAULT


@cache
def _locale(language: str) -> Locale:
    """Return what Babel knows of a language; a page writes hundreds of numbers."""
    return Locale.parse(language)


def number(value: float) -> str:
    """Write a whole number, such as 1.234 in Vietnamese."""
    return str(format_decimal(value, "#,##0", locale=_locale(current())))


def decimal(value: float) -> str:
    """Write a number with one decimal, such as 3,2 in Vietnamese."""
    return str(format_decimal(value, "#,##0.0", locale=_locale(current())))


def hundredths(value: int) -> str:
    """Write a number of hundredths with two decimals, such as 1,75 in Vietnamese."""
    return str(format_decimal(value / 100, "#,##0.00", locale=_locale(current())))


def percent(value: float | None) -> str:
    """Write a share of 0 to 100 with one decimal, or a dash where there is none."""
    if value is None:
        return "–"
    return f"{decimal(value)}%"


def signed(value: float) -> str:
    """Write a difference with its sign and one decimal, such as +3,2."""
    return f"{'+' if value > 0 else ''}{decimal(value)}"


def target(value: float) -> str:
    """Write a target: as it was set, or with one decimal where it is an average."""
    return number(value) if value == round(value) else decimal(value)


def _local(at_ms: int) -> datetime:
    return local(at_ms, services().settings.fleet.zone)


def day(value: str | int) -> str:
    """Write a day, given as YYYY-MM-DD or as Unix milliseconds, such as 22/11/2026."""
    when = date.fromisoformat(value) if isinstance(value, str) else _local(value).date()
    return str(format_date(when, DATES[current()], locale=_locale(current())))


def weekday(value: str) -> str:
    """Write the weekday of YYYY-MM-DD, such as Chủ Nhật."""
    return str(format_date(date.fromisoformat(value), "EEEE", locale=_locale(current())))


def clock_time(at_ms: int) -> str:
    """Write the time of day to the second."""
    return _local(at_ms).strftime("%H:%M:%S")


def hour(at_ms: int) -> str:
    """Write the time of day to the minute."""
    return _local(at_ms).strftime("%H:%M")


def moment(at_ms: int) -> str:
    """Write date and time; the date is left out where it is today."""
    if _local(at_ms).date() == _local(g.now).date():
        return clock_time(at_ms)
    return day_and_hour(at_ms)


def day_and_hour(at_ms: int) -> str:
    """Write date and time to the minute, whichever day it is."""
    return f"{day(at_ms)} {hour(at_ms)}"


def iso(at_ms: int) -> str:
    """Write a moment for machines."""
    return _local(at_ms).isoformat(timespec="seconds")


def ago(at_ms: int) -> str:
    """Write how long ago something was, in the largest unit that fits."""
    seconds = max(0, (g.now - at_ms) // 1000)
    if seconds < 60:
        return str(ngettext("%(num)s s ago", "%(num)s s ago", seconds))
    if seconds < 3600:
        return str(ngettext("%(num)s min ago", "%(num)s min ago", seconds // 60))
    if seconds < 86400:
        return str(ngettext("%(num)s h ago", "%(num)s h ago", seconds // 3600))
    return str(ngettext("%(num)s day ago", "%(num)s days ago", seconds // 86400))


def _tell_forms() -> None:
    """Give Flask-WTF our catalogue for what it says of fields: its own has no Vietnamese."""
    request.wtforms_translations = get_domain().get_translations()  # type: ignore[attr-defined]  # where it looks


def init_app(app: Flask) -> None:
    """Give the app its languages and the templates their ways to write numbers and dates."""
    PageBabel(app, default_locale=DEFAULT, locale_selector=choose)
    app.before_request(_tell_forms)
    for write in (
        number,
        decimal,
        signed,
        target,
        percent,
        day,
        weekday,
        clock_time,
        hour,
        moment,
        iso,
        ago,
    ):
        app.jinja_env.filters[write.__name__] = write
    app.jinja_env.globals.update(languages=LANGUAGES, language=current, ngettext=counted)
