"""Explanations (giải trình): what the steps of a case make of it. Pure.

1. Every step is an event (`core.case_events`): who, when, what. A case is a fold over its events,
   and nothing else says what it is. Events are never changed or erased; `TABLE` says which step may
   follow.
2. Each state but *closed* has a deadline, and the event that began it carries it: what was in time
   stays in time when a calendar is changed later. Whoever has the right may prolong it. Of
   *answered* it is the deadline of those who judge the answer.
3. Escalation changes no state. It notes which level above was told, in this deadline's run.
4. A ruling says that the reason lay on the citizen's side, or not. It changes neither the rating
   nor the state; the last ruling holds, and a closed case may be ruled on again.
5. The case of a unit that is dissolved goes to the nearest unit above that is still there, or to
   the fleet, with a new deadline; an assigned one is open again.
6. A case whose record was found not to be signed rightly is *withdrawn*: nobody has anything to
   explain, nothing follows, and a ruling that there was rules out nothing. What was said stays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from fleet_server.core.answers import Answer, wrong
from fleet_server.core.case_events import (
    STEPS,
    Answered,
    Assigned,
    Body,
    Closed,
    Escalated,
    Event,
    Opened,
    Prolonged,
    Rehomed,
    Returned,
    Ruled,
    Step,
    Subject,
    Withdrawn,
)
from fleet_server.core.tree import Tree

State = Literal["open", "assigned", "answered", "returned", "closed", "withdrawn"]
STATES: tuple[State, ...] = get_args(State)
OVER: frozenset[State] = frozenset({"closed", "withdrawn"})
"""Nothing has to be done any more."""

TABLE: Mapping[State, Mapping[Step, State]] = {
    "open": {
        "assign": "assigned",
        "prolong": "open",
        "escalate": "open",
        "rehome": "open",
        "withdraw": "withdrawn",
    },
    "assigned": {
        "assign": "assigned",
        "answer": "answered",
        "prolong": "assigned",
        "escalate": "assigned",
        "rehome": "open",
        "withdraw": "withdrawn",
    },
    "answered": {
        "return": "returned",
        "close": "closed",
        "rule": "answered",
        "prolong": "answered",
        "escalate": "answered",
        "rehome": "answered",
        "withdraw": "withdrawn",
    },
    "returned": {
        "assign": "returned",
        "answer": "answered",
        "prolong": "returned",
        "escalate": "returned",
        "rehome": "returned",
        "withdraw": "withdrawn",
    },
    "closed": {
        "rule": "closed",
        "withdraw": "withdrawn",
    },
    "withdrawn": {},
}
"""Which step is possible in which state, and the state that it leads to."""


class CaseError(Exception):
    """A step that can't be taken.

    ``reason``: *state*: not in this state; *order*: its number is not the next; *body*: it says too
    little, or gives less time than there is.
    """

    def __init__(self, reason: Literal["state", "order", "body"]) -> None:
        """Keep the reason, which whoever shows it puts into words."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Case:
    """What a case is, after its events.

    Attributes:
        unit: whose it is now; None for the fleet.
        seq: the number of its last event.
        since: when its last deadline began; ``due`` before when the next step is in time, None of
            one that is over. Both in Unix milliseconds.
        assignee, answerer: who is to answer, and who did last.
        answers: how often it was answered; more than one means that it was reworked.
        late: whether any answer came after its deadline.
        told: the levels that were told in this deadline's run; ``level`` the highest ever, 0 for
            none.
        ruling: the one that holds, None if there was none.
    """

    subject: Subject
    unit: int | None
    state: State
    seq: int
    opened_at: int
    since: int
    due: int | None
    assignee: int | None = None
    answerer: int | None = None
    answer: Answer | None = None
    answers: int = 0
    late: bool = False
    told: frozenset[int] = frozenset()
    level: int = 0
    ruling: Ruled | None = None

    def overdue(self, now: int) -> bool:
        """Whether the unit, or for *answered* whoever judges, should have acted by now."""
        return self.due is not None and now >= self.due


def fold(events: Iterable[Event]) -> Case:
    """Return what the events of one case, in order, make of it.

    What they say was judged when they were written (`after`), by the limits of that time.

    Raises:
        CaseError: they are none, or one can't follow.
    """
    found: Case | None = None
    for event in events:
        found = _first(event) if found is None else _step(found, event)
    if found is None:
        raise CaseError("order")
    return found


def _first(event: Event) -> Case:
    if event.seq != 0 or not isinstance(event.body, Opened):
        raise CaseError("order")
    subject, due = event.body.subject, event.body.due
    return Case(subject, subject.unit, "open", 0, event.at, event.at, due)


def after(case: Case, event: Event) -> Case:
    """Return a case after one more event, which is new and to be written.

    Raises:
        CaseError: it can't follow, or says too little.
    """
    found = _step(case, event)
    _check(case, event.body)
    return found


def _step(case: Case, event: Event) -> Case:
    body = event.body
    if event.seq != case.seq + 1 or isinstance(body, Opened):
        raise CaseError("order")
    state = TABLE[case.state].get(STEPS[type(body)])
    if state is None:
        raise CaseError("state")
    return _with(replace(case, state=state, seq=event.seq), event, body)


def _check(case: Case, body: Body | Opened) -> None:
    """Refuse what says too little."""
    if isinstance(body, Answered) and wrong(body.answer):
        raise CaseError("body")
    if isinstance(body, Returned | Ruled | Prolonged) and not body.reason.strip():
        raise CaseError("body")
    if isinstance(body, Prolonged) and (case.due is None or body.due <= case.due):
        raise CaseError("body")
    if isinstance(body, Escalated) and (not body.levels or min(body.levels) < 1):
        raise CaseError("body")


def _with(case: Case, event: Event, body: Body) -> Case:
    match body:
        case Assigned(person):
            return replace(case, assignee=person)
        case Answered(answer):
            late = case.late or case.overdue(event.at)
            given = replace(
                case, answer=answer, answerer=event.who, answers=case.answers + 1, late=late
            )
            return _run(given, event.at, body.due)
        case Ruled():
            return replace(case, ruling=body)
        case Escalated(levels):
            told = case.told | set(levels)
            return replace(case, told=told, level=max((case.level, *levels)))
        case Rehomed(unit):
            return _run(replace(case, unit=unit, assignee=None), event.at, body.due)
        case Closed():
            return _run(case, event.at, None)
        case Withdrawn():
            return _run(replace(case, ruling=None), event.at, None)
    return _run(case, event.at, body.due)


def _run(case: Case, since: int, due: int | None) -> Case:
    """Return a case with another deadline, of which nobody above has been told anything."""
    return replace(case, since=since, due=due, told=frozenset())


def home(unit: int | None, tree: Tree, day: str) -> int | None:
    """Return who has the cases of a unit on a day: the unit, or the nearest above that is there.

    None is the fleet. A case whose unit is not its home is to be rehomed.
    """
    above = [] if unit is None else tree.path(unit)
    there = [one.id for one in above if one.closed is None or one.closed > day]
    return there[-1] if there else None
