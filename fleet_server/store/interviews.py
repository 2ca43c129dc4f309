"""Interviews: who is to be asked and by whom, tries, and what came of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, fn

from fleet_server.core.interviews import Sheet
from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store import changes
from fleet_server.store.accounts import User
from fleet_server.store.database import rows
from fleet_server.store.models import (
    Counter,
    DrawLine,
    InterviewSheet,
    SheetTry,
    Unit,
    Visit,
    WeeklyDraw,
)
from fleet_server.store.pages.first import first
from fleet_server.store.pages.within import within


@dataclass(frozen=True, slots=True)
class Interview:
    """Somebody who was drawn, and how far asking them has come.

    Attributes:
        id: of the line of the draw.
        week: of the draw.
        visit: id of the visit; None if it is no longer known.
        unit: id of the unit where the counter lay that day.
        served: the day of the visit.
        ticket: its number, as printed.
        interviewer: the account of who asks; None as long as nobody does.
        email: of that account.
        tries: on how many different days somebody tried in vain.
        outcome: what came of it, None while it is open.
    """

    id: int
    week: str
    visit: str | None
    unit: int | None
    unit_name: str | None
    counter: int | None
    counter_name: str | None
    served: str | None
    ticket: str | None
    service: str | None
    interviewer: int | None
    email: str | None
    tries: int
    outcome: str | None

    @property
    def is_open(self) -> bool:
        """Whether there is no outcome yet."""
        return self.outcome is None


def _interviews() -> Any:
    tries = (
        SheetTry.select(fn.COUNT(fn.DISTINCT(SheetTry.day)))
        .where(SheetTry.line == DrawLine.id)
        .alias("tries")
    )
    return (
        DrawLine.select(
            DrawLine.id,
            WeeklyDraw.week,
            DrawLine.visit,
            DrawLine.unit,
            Unit.name,
            DrawLine.counter,
            Counter.name.alias("counter_name"),
            Visit.day,
            Visit.ticket,
            Visit.service,
            DrawLine.interviewer,
            User.email,
            tries,
            InterviewSheet.outcome,
        )
        .join(WeeklyDraw)
        .join(Unit, JOIN.LEFT_OUTER, on=(DrawLine.unit == Unit.id))
        .join(Counter, JOIN.LEFT_OUTER, on=(DrawLine.counter == Counter.id))
        .join(Visit, JOIN.LEFT_OUTER, on=(DrawLine.visit == Visit.id))
        .join(User, JOIN.LEFT_OUTER, on=(DrawLine.interviewer == User.id))
        .join(InterviewSheet, JOIN.LEFT_OUTER, on=(InterviewSheet.line == DrawLine.id))
    )


def waiting(scope: Scope = EVERYTHING) -> list[Interview]:
    """Return the interviews that are open, the oldest first."""
    query = within(_interviews(), scope, DrawLine.unit).where(InterviewSheet.id.is_null())
    return [Interview(*found) for found in rows(query.order_by(DrawLine.id))]


def one(number: int) -> Interview | None:
    """Return one interview."""
    found = first(_interviews().where(DrawLine.id == number))
    return Interview(*found) if found else None


def take(number: int, person: int) -> bool:
    """Let somebody ask; False if somebody else was faster. In a write transaction."""
    changes.note(changes.INTERVIEW)
    return bool(
        DrawLine.update(interviewer=person)
        .where(DrawLine.id == number, DrawLine.interviewer.is_null())
        .execute()
    )


def give_back(number: int) -> None:
    """Let anybody ask again. In a write transaction."""
    DrawLine.update(interviewer=None).where(DrawLine.id == number).execute()
    changes.note(changes.INTERVIEW)


def note_try(number: int, person: int, day: date, at: int) -> None:
    """Note that somebody was not reached. In a write transaction."""
    SheetTry.create(line=number, who=person, day=day.isoformat(), at=at)
    changes.note(changes.INTERVIEW)


def tries(number: int) -> list[tuple[date, int]]:
    """Return day and moment of each try, the oldest first."""
    query = SheetTry.select(SheetTry.day, SheetTry.at).where(SheetTry.line == number)
    return [(date.fromisoformat(day), at) for day, at in rows(query.order_by(SheetTry.id))]


def close(sheet: Sheet, line: int, who: int | None, at: int) -> None:
    """Keep what came of it; the row's number is the sheet's. In a write transaction."""
    InterviewSheet.create(
        line=line,
        day=sheet.day.isoformat(),
        outcome=sheet.outcome,
        answers=dict(sheet.answers),
        at=at,
        who=who,
    )
    changes.note(changes.INTERVIEW)


def lost() -> Interview | None:
    """Return the first open interview of a visit that is no longer known."""
    query = _interviews().where(DrawLine.visit.is_null(), InterviewSheet.id.is_null())
    found = first(query.order_by(DrawLine.id))
    return Interview(*found) if found else None


def sheets(first: str, last: str) -> list[Sheet]:
    """Return the sheets that were closed in some days, of visits that are known, in order."""
    query = (
        InterviewSheet.select(
            InterviewSheet.id,
            DrawLine.visit,
            DrawLine.counter,
            DrawLine.unit,
            InterviewSheet.day,
            InterviewSheet.outcome,
            InterviewSheet.answers,
            InterviewSheet.who,
        )
        .join(DrawLine)
        .where(InterviewSheet.day.between(first, last), DrawLine.visit.is_null(False))
        .order_by(InterviewSheet.id)
    )
    return [
        Sheet(number, visit, counter, unit, date.fromisoformat(day), outcome, answers, who)
        for number, visit, counter, unit, day, outcome, answers, who in rows(query)
    ]


def outcomes(since: str, scope: Scope = EVERYTHING) -> dict[str, int]:
    """Return how many sheets were closed with which outcome on a day or after it."""
    query = (
        InterviewSheet.select(InterviewSheet.outcome, fn.COUNT(InterviewSheet.id))
        .join(DrawLine)
        .where(InterviewSheet.day >= since)
        .group_by(InterviewSheet.outcome)
    )
    return dict(rows(within(query, scope, DrawLine.unit)))
