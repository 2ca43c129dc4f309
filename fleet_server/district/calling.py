"""Does what interviewers do: citizens who were drawn are called, and say how it was.

What they say agrees with what a terminal would have heard of that counter that day, within chance.
Who is to be called when, and whether they answer, follows from the draw's own line.
"""

from datetime import date, timedelta
from random import Random

from fleet_server import contact_key
from fleet_server.core.contacts import AccessError
from fleet_server.core.days import local
from fleet_server.core.interviews import CRITERIA, Answer, Criterion, Outcome, enough_tries
from fleet_server.district.acts import Call
from fleet_server.district.district import District
from fleet_server.district.staff import who_is
from fleet_server.interviews.closing import By, close
from fleet_server.settings import Settings
from fleet_server.store import audit_log, contacts, interviews
from fleet_server.store.database import writing
from fleet_server.store.interviews import Interview
from fleet_server.store.pages.counters import by_id

WAITS_DAYS = 6
"""Up to so many days pass from the week's first one until somebody is called first."""
REACHED, REFUSES, WITHDRAWS = 0.6, 0.1, 0.04
"""Share of calls that are answered; of these some refuse, and some more take consent back."""
NOT_ASKED = 0.12
"""Share of questions that do not fit the visit."""
WHY = "Gọi phỏng vấn theo kết quả rút thăm"


class Calling:
    """Carries calls out, in order; those of a day that is taken again are made already.

    Args:
        district: whose counters they are about, and whose seed decides.
        settings: the fleet's settings; keys are read from its directory.

    Raises:
        FleetError: a key is missing.
    """

    def __init__(self, district: District, settings: Settings) -> None:
        self._district = district
        self._key = contact_key.read(settings.layout.contact_secret)
        self._names = contact_key.names(settings.layout.draw_secret)

    def do(self, act: Call) -> None:
        """Make the calls of a day."""
        if (audit_log.last("contact.look") or 0) >= act.at:
            return
        day = local(act.at, self._district.zone).date()
        with writing():
            for held in interviews.waiting():
                if held.visit is not None and day >= self._first_call(held):
                    self._call(held, act.at, day)

    def _first_call(self, held: Interview) -> date:
        year, week = map(int, held.week.split("-W"))
        waits = self._chance(held, "first").uniform(0, WAITS_DAYS)
        return date.fromisocalendar(year, week, 1) + timedelta(days=int(waits))

    def _call(self, held: Interview, at: int, day: date) -> None:
        who = who_is("interviewer", held.unit or 0, at)
        if held.interviewer not in (None, who.id):
            return  # somebody who looks on has taken it
        by = By(who.id, f"person:{who.email}", at, day)
        about = f"interview:{held.id}"
        if interviews.take(held.id, who.id):
            audit_log.note(by.actor, "interview.take", about, at=at)
        audit_log.note(by.actor, "contact.look", about, at=at)
        outcome = self._outcome(held, by)
        if outcome is None:
            interviews.note_try(held.id, who.id, day, at)
            audit_log.note(by.actor, "interview.try", about, at=at)
            if enough_tries(when for when, _ in interviews.tries(held.id)):
                outcome = "not_reached"
        if outcome is not None:
            answers = self._answers(held) if outcome == "done" else {}
            close(held.id, outcome, answers, by, self._names)

    def _outcome(self, held: Interview, by: By) -> Outcome | None:
        """Return what comes of a call, None where nobody answers."""
        chance = self._chance(held, held.tries)
        visit = held.visit or ""
        try:
            contacts.show(visit, self._key, actor=by.actor, why=WHY, at=by.at, day=by.day)
        except AccessError:
            return "contact_ended"
        if chance.random() >= REACHED:
            return None
        drawn = chance.random()
        return (
            "refused" if drawn < REFUSES else "withdrawn" if drawn < REFUSES + WITHDRAWS else "done"
        )

    def _answers(self, held: Interview) -> dict[Criterion, Answer]:
        """Return the five answers; how they were treated, everybody can say."""
        code = by_id(held.counter or 0).code
        index = (date.fromisoformat(held.served or "") - self._district.first).days
        chance = self._chance(held, "answers")
        return {
            one: "not_asked"
            if one != "attitude" and chance.random() < NOT_ASKED
            else self._district.choice(code, index, chance)
            for one in CRITERIA
        }

    def _chance(self, held: Interview, what: object) -> Random:
        return self._district.chance("interview", held.week, held.id, what)
