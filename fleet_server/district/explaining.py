"""Which step a case in the district takes, when, and what it says. Pure.

When is a share of the time that there is, from the deadline's beginning to its end: so an office
is in time or late whatever its terms are.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from random import Random

from fleet_server.core.answers import Attachment
from fleet_server.core.case_events import (
    Answered,
    Assigned,
    Body,
    Closed,
    Prolonged,
    Returned,
    Ruled,
    Step,
)
from fleet_server.core.cases import Case
from fleet_server.core.escalation import Terms
from fleet_server.district import phrases

Shares = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Habit:
    """How an office explains.

    Attributes:
        assigns, answers: between which shares of its time it does.
        weak: share of its first answers that come back for rework.
    """

    assigns: Shares
    answers: Shares
    weak: float


USUAL = Habit((0.0, 0.5), (0.1, 1.15), 0.14)
PROMPT = Habit((0.0, 0.2), (0.05, 0.6), 0.03)
TARDY = Habit((0.3, 1.2), (0.95, 2.6), 0.35)
HABITS = {"BH-CT": PROMPT, "P-PH": PROMPT, "P-DT": TARDY, "P-KG": TARDY}
"""Two offices answer soon and well, and two late, on which those above are told; others so-so."""
JUDGED: Shares = (0.0, 1.0)
"""Between which shares of the time for judging an answer is judged."""
RULED = 0.4
"""Share of judged answers with a ruling."""
PROLONGED = 0.07
"""Share of cases that get more time, once."""
ASKED = 0.4
"""After which share of the time there is more of it."""
MORE_DAYS = 3
"""So many working days more."""


def next_step(
    case: Case, taken: Collection[Step], habit: Habit, now: int, chance: Random
) -> Step | None:
    """Return the step that is to be taken by now, None for none.

    Args:
        case: as it is.
        taken: the kinds of steps that it has taken.
        habit: of its office.
        now: Unix milliseconds.
        chance: the same for each look at a case in this state.
    """
    drawn, patience = chance.random(), chance.random()
    if case.due is None:
        return None
    passed = (now - case.since) / (case.due - case.since)
    if case.state == "answered":
        return _judgement(case, habit, chance) if passed >= _between(JUDGED, drawn) else None
    if passed >= _between(habit.assigns if case.state == "open" else habit.answers, drawn):
        return "assign" if case.state == "open" else "answer"
    waits = ASKED <= passed < 1 and "prolong" not in taken
    return "prolong" if waits and patience < PROLONGED else None


def _judgement(case: Case, habit: Habit, chance: Random) -> Step:
    if chance.random() < habit.weak**case.answers:
        return "return"
    return "rule" if chance.random() < RULED and case.ruling is None else "close"


def _between(shares: Shares, drawn: float) -> float:
    """Return a share; small ones are more frequent."""
    return shares[0] + drawn**2 * (shares[1] - shares[0])


@dataclass(frozen=True, slots=True)
class Setting:
    """What there is to know before a step.

    Attributes:
        now: when it is taken, Unix milliseconds.
        terms: of the case's unit.
        until: returns the end of so many working days of that unit after a moment.
        assignee: who is to answer, by the account's id.
        attachments: what is attached to an answer.
    """

    now: int
    terms: Terms
    until: Callable[[int, int], int]
    assignee: int
    attachments: Sequence[Attachment]


def body(step: Step, case: Case, setting: Setting, chance: Random) -> Body:
    """Return what a step of people says."""
    now, terms, until = setting.now, setting.terms, setting.until
    if step == "assign":
        return Assigned(setting.assignee)
    if step == "answer":
        given = phrases.answer(case.subject.items, setting.attachments, chance)
        return Answered(given, until(now, terms.judge))
    if step == "return":
        return Returned(chance.choice(phrases.WEAK), until(now, terms.rework))
    if step == "rule":
        return Ruled(*phrases.ruling(chance))
    if step == "prolong":
        return Prolonged(chance.choice(phrases.MORE_TIME), until((case.due or now) - 1, MORE_DAYS))
    return Closed(chance.choice(phrases.NOTES))
