"""Letters as people read them, in their language. A choice of a single visit is in none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from babel.dates import format_datetime

from fleet_server.core.days import local
from fleet_server.settings import Settings
from fleet_server.store.letters import Due
from fleet_server.web.language import DATES, DEFAULT, LANGUAGES
from fleet_server.web.outside import speaking, without_pages
from fleet_server.web.words import letters
from fleet_server.web.words.alarms import ALARMS


@dataclass(frozen=True, slots=True)
class Text:
    """A letter in words: its subject, and what it says."""

    subject: str
    body: str


class Texts:
    """Puts letters into words.

    Args:
        settings: the fleet's: its name, its time zone, and the address of its pages.
        clock: returns Unix milliseconds.
    """

    def __init__(self, settings: Settings, clock: Callable[[], int]) -> None:
        self._settings = settings
        self._app = without_pages(settings, clock)

    def of(self, due: Due) -> Text:
        """Return a letter in its reader's language; rooms read the first of them."""
        language = due.language if due.language in LANGUAGES else DEFAULT
        with speaking(self._app, language):
            return Text(self._subject(due), "\n\n".join(self._parts(due, language)) + "\n")

    def _subject(self, due: Due) -> str:
        about = letters.about(due.kind, due.details)
        name = letters.letter(due.kind) + (f": {about}" if about else "")
        first = "" if due.what in letters.PLAIN else f"{letters.WHATS[due.what]}: "
        return f"[{self._settings.fleet.name}] {first}{name}"

    def _parts(self, due: Due, language: str) -> Iterator[str]:
        at = local(due.made_at, self._settings.fleet.zone)
        when = format_datetime(at, f"{DATES[language]} HH:mm", locale=language)
        yield letters.sentence(due.kind, due.details)
        if due.what == "escalated":
            yield f"{letters.WHATS[due.what]}."
        if due.what in ("raised", "escalated") and due.kind in ALARMS:
            yield str(ALARMS[due.kind].advice)  # type: ignore[index]  # it is there
        yield f"{letters.WHATS[due.what]}: {when}" if due.what == "over" else when
        yield f"{self._settings.web.url}{due.path}"
        yield letters.because(due.kind)
