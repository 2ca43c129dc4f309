"""Does for cases what people do: the steps that cases take; who sees to them heeds alarms, too.

People take them by the same functions as pages, each step with its entry in the audit log. A day
that was broken off is taken again: what a case went through after a moment holds for that moment.
"""

from collections.abc import Collection, Sequence
from datetime import tzinfo
from functools import cache
from random import Random

from fleet_server.core.answers import Attachment
from fleet_server.core.case_events import (
    STEPS,
    Answered,
    Assigned,
    Body,
    Event,
    Opened,
    Prolonged,
    Ruled,
    Step,
    key,
)
from fleet_server.core.case_rights import assignable, may
from fleet_server.core.cases import Case, fold
from fleet_server.core.days import local
from fleet_server.district import papers
from fleet_server.district.acts import Attend
from fleet_server.district.district import District
from fleet_server.district.explaining import HABITS, USUAL, Setting, body, next_step
from fleet_server.district.heeding import heed
from fleet_server.district.staff import nearest
from fleet_server.store import audit_log, case_attachments, case_files, case_terms, places
from fleet_server.store.database import writing
from fleet_server.store.pages.people import Person

JUDGING: frozenset[Step] = frozenset({"return", "rule", "close", "prolong"})
WITH_MINUTES, WITH_PICTURE = 0.1, 0.04
"""Shares of answers to which these are attached."""


class Casework:
    """Carries acts about cases out, in order.

    Args:
        district: whose seed decides, and whose days these are.
    """

    def __init__(self, district: District) -> None:
        self._district = district

    def do(self, act: Attend) -> None:
        """Carry one act out."""
        with writing():
            visit = _Visit(self._district, act)
            waiting = case_files.waiting(units=[visit.unit])
            for number, trail in case_files.events(waiting).items():
                if trail[-1].at < act.at:
                    visit.see_to(number, trail)
            if not act.judging:
                heed(act, visit.unit, self._district)


class _Visit:
    """One look at the cases of a unit: who may act there, and the time that they have."""

    def __init__(self, district: District, act: Attend) -> None:
        self._district, self._act = district, act
        self._tree = places.tree()
        node = self._tree.by_code(act.unit)
        if node is None:
            raise LookupError(f"the district has no unit {act.unit}")
        self.unit, self._office = node.id, node.name
        self._terms = case_terms.of(node.id, self._tree)
        self._near = nearest(node.id, self._tree, act.at)
        self._until = cache(self._counted)

    def see_to(self, number: int, trail: Sequence[Event]) -> None:
        """Take the steps of a case that are to be taken, one after the other."""
        case = fold(trail)
        taken = {STEPS[type(one.body)] for one in trail if not isinstance(one.body, Opened)}
        while step := self._next(case, taken):
            case = self._take(number, case, step)
            taken.add(step)

    def _next(self, case: Case, taken: Collection[Step]) -> Step | None:
        habit, chance = HABITS.get(self._act.unit, USUAL), self._chance("when", case)
        step = next_step(case, taken, habit, self._act.at, chance)
        return step if (step in JUDGING) == self._act.judging else None

    def _take(self, number: int, case: Case, step: Step) -> Case:
        by, now, chance = self._who(case, step), self._act.at, self._chance(step, case)
        files = _files(self._office, chance) if step == "answer" else []
        attachments = [named for named, _ in files]
        to = self._assignee(case, by)
        said = body(step, case, Setting(now, self._terms, self._until, to.id, attachments), chance)
        found = case_files.append(number, case, by.id, said, now)
        case_attachments.keep(number, [(named.digest, data) for named, data in files])
        details = {"step": found.seq, **_told(said, to, self._district.zone)}
        audit_log.note(f"person:{by.email}", f"case.{step}", f"case:{number}", details, at=now)
        return found

    def _who(self, case: Case, step: Step) -> Person:
        """Return who takes a step: who is to answer, else the nearest who may."""
        assigned = [one for one in self._near if one.id == case.assignee and step == "answer"]
        return next(
            one
            for one in (*assigned, *self._near)
            if step in may(one.id, one.grants, case, self._tree)
        )

    def _assignee(self, case: Case, by: Person) -> Person:
        """Return who answers: a colleague in the office, else whoever assigns."""
        office = (one for one in self._near if self.unit in {grant.unit for grant in one.grants})
        may_answer = (one for one in office if assignable(one.grants, case, self._tree))
        return next((one for one in may_answer if one.id != by.id), by)

    def _counted(self, start: int, days: int) -> int:
        return case_files.deadline(self.unit, start, days, self._district.zone)

    def _chance(self, what: str, case: Case) -> Random:
        return self._district.chance("case", what, key(case.subject), case.state, case.answers)


def _files(office: str, chance: Random) -> list[tuple[Attachment, bytes]]:
    found = [papers.minutes(office)] if chance.random() < WITH_MINUTES else []
    return [*found, papers.picture(office)] if chance.random() < WITH_PICTURE else found


def _told(said: Body, to: Person, zone: tzinfo) -> dict[str, object]:
    """Return what the audit log says of a step."""
    match said:
        case Assigned():
            return {"to": to.email}
        case Answered(given):
            return {"files": len(given.attachments)}
        case Ruled(side):
            return {"citizens_side": side}
        case Prolonged(_, due):
            return {"until": local(due - 1, zone).date().isoformat()}
    return {}
