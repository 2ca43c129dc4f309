"""Closing an interview with its outcome; after most of them the next one is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fleet_server.core.draw import draw
from fleet_server.core.interviews import (
    REPLACED,
    Answer,
    Criterion,
    Outcome,
    Sheet,
    check_closing,
    enough_tries,
)
from fleet_server.store import audit_log, contacts, draw_lists, draws, interviews

SERVER = "server"


class TooFewTries(Exception):
    """Who was not tried on enough different days is not *not reached* yet."""


class ClosedAlready(Exception):
    """It has an outcome already, and a sheet is final."""


@dataclass(frozen=True, slots=True)
class By:
    """Who closes an interview and when.

    Attributes:
        who: the account, None for the server itself.
        actor: the same for the audit log.
        at: now, Unix milliseconds.
        day: today in the fleet's time zone.
    """

    who: int | None
    actor: str
    at: int
    day: date


def close(
    line: int, outcome: Outcome, answers: Mapping[Criterion, Answer], by: By, names: bytes
) -> None:
    """Close an interview, and let the next one follow if one must. In a write transaction.

    Args:
        line: the interview's id.
        outcome: what came of it.
        answers: by question.
        by: who closes it.
        names: the key of tickets' names.

    Raises:
        ClosedAlready: somebody was faster.
        SheetError: outcome and answers contradict each other, or who closes can't know the outcome.
        TooFewTries: *not reached*, too early.
    """
    held = interviews.one(line)
    if held is None or not held.is_open:
        raise ClosedAlready
    if outcome == "not_reached" and not enough_tries(day for day, _ in interviews.tries(line)):
        raise TooFewTries
    if by.who is not None:
        _check_known(held.visit or "", outcome, by)
    _close(held, outcome, answers, by, names)
    settle(by, names)


def _check_known(visit: str, outcome: Outcome, by: By) -> None:
    looked = contacts.has_looked(visit, by.actor)
    check_closing(outcome, looked=looked, usable=contacts.is_usable(visit, by.day))


def _close(
    held: interviews.Interview,
    outcome: Outcome,
    answers: Mapping[Criterion, Answer],
    by: By,
    names: bytes,
) -> None:
    visit = held.visit or ""
    sheet = Sheet(0, visit, held.counter or 0, held.unit or 0, by.day, outcome, answers)
    interviews.close(sheet, held.id, by.who, by.at)
    if outcome == "withdrawn":
        contacts.withdraw([visit], actor=by.actor, at=by.at, day=by.day)
    contacts.interviewed(visit, by.day)
    details = {"outcome": outcome, "week": held.week}
    audit_log.note(by.actor, "interview.close", f"interview:{held.id}", details, at=by.at)
    if outcome in REPLACED:
        _replace(held.id, by, names)


def _replace(line: int, by: By, names: bytes) -> None:
    former = draws.line(line)
    held = former.draw
    found = draw(draws.sealed_of(held), str(held.seed))
    used = [one.name for one in draws.lines(held) if one.replaces_id is not None]
    entry = found.replacement(former.name, used)
    if entry is not None:
        known = draw_lists.named(held, names)
        draws.add_line(held, entry, known.get(entry.ticket), line, by.at)
    details = {"replaces": former.name, "ticket": entry and entry.ticket}
    audit_log.note(by.actor, "draw.replace", f"draw:{held.week}", details, at=by.at)


def settle(by: By, names: bytes) -> None:
    """Replace those whose visits are no longer known: nobody can say who they were.

    In a write transaction.
    """
    server = By(None, SERVER, by.at, by.day)
    while (held := interviews.lost()) is not None:
        _close(held, "contact_ended", {}, server, names)
