"""Letters as people read them, in their language. A choice of a single visit is in none."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from babel.dates import format_datetime
from flask import Flask
from flask_babel import force_locale, gettext

from fleet_server.core.days import local
from fleet_server.settings import Settings
from fleet_server.store.letters import Due
from fleet_server.web import words
from fleet_server.web.language import DATES, DEFAULT, LANGUAGES, PageBabel


@dataclass(frozen=True, slots=True)
class Text:
    """A letter in words: its subject, and what it says."""

    subject: str
    body: str


class Texts:
    """Puts letters into words.

    Args:
        settings: the fleet's: its name, its time zone, and the address of its pages.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._app = Flask(__name__)
        PageBabel(self._app, default_locale=DEFAULT)

    def of(self, due: Due) -> Text:
        """Return a letter in its reader's language; rooms read the first of them."""
        language = due.language if due.language in LANGUAGES else DEFAULT
        with self._speaking(language):
            return Text(self._subject(due), "\n\n".join(self._parts(due, language)) + "\n")

    @contextmanager
    def _speaking(self, language: str) -> Iterator[None]:
        with self._app.app_context(), force_locale(language):
            yield

    def _subject(self, due: Due) -> str:
        about = words.about_alarm(due.kind, due.details)
        name = words.alarm(due.kind) + (f": {about}" if about else "")
        first = "" if due.what in ("raised", "sent") else f"{words.ALARM_WHATS[due.what]}: "
        return f"[{self._settings.fleet.name}] {first}{name}"

    def _parts(self, due: Due, language: str) -> Iterator[str]:
        at = local(due.made_at, self._settings.fleet.zone)
        when = format_datetime(at, f"{DATES[language]} HH:mm", locale=language)
        yield words.alarm_sentence(due.kind, due.details)
        if due.what == "escalated":
            yield f"{words.ALARM_WHATS[due.what]}."
        if due.what in ("raised", "escalated") and due.kind in words.ALARMS:
            yield str(words.ALARMS[due.kind].advice)  # type: ignore[index]  # it is there
        yield f"{words.ALARM_WHATS[due.what]}: {when}" if due.what == "over" else when
        yield f"{self._settings.web.url}{due.path}"
        yield str(
            gettext(
                "You get this by your role; what is told to whom is set on the page of alarms. "
                "Nobody reads what is sent back to this address."
            )
        )
