"""What waits for whoever asks, and has no list of its own on the overview."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext, ngettext
from flask_security import current_user

from fleet_server.store import draws, interviews, letters
from fleet_server.web import access
from fleet_server.web.interviews.scope import scope
from fleet_server.web.services import services


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: in words, and where it is done."""

    said: str
    href: str


def tasks() -> list[Task]:
    """Return what waits; nothing that the person may not do."""
    return [*_interviews(), *_draws(), *_letters()]


def _interviews() -> Iterator[Task]:
    open_ones = interviews.waiting(scope()) if access.can("interview") else []
    mine = sum(one.interviewer == current_user.id for one in open_ones)
    free = sum(one.interviewer is None for one in open_ones)
    href = url_for("interviews.index")
    if mine:
        said = ngettext("%(num)s interview of yours", "%(num)s interviews of yours", mine)
        yield Task(said, f"{href}#mine")
    if free:
        said = ngettext(
            "%(num)s interview that nobody has taken",
            "%(num)s interviews that nobody has taken",
            free,
        )
        yield Task(said, f"{href}#free")


def _draws() -> Iterator[Task]:
    """Yield the draws whose witness an administrator of the whole fleet enters."""
    for week in draws.waiting() if access.scope("settings").covers(None) else []:
        said = gettext("the draw of %(week)s waits for its witness", week=week)
        yield Task(str(said), url_for("draws.one", week=week))


def _letters() -> Iterator[Task]:
    """Yield that some were given up; without a mail server all to people are, as was chosen."""
    whole = access.scope("settings").covers(None)
    dead = letters.given_up(people=services().settings.mail is not None) if whole else 0
    if dead:
        said = ngettext("%(num)s letter was given up", "%(num)s letters were given up", dead)
        yield Task(said, url_for("letters.index", state="dead"))
