"""What a case is about, and what may happen to it. Pure.

1. What a case is about is its *subject*, at the grain of a setting: a single unsatisfied rating, a
   complaint by items, or a counter's day. A subject has one case (`key`).
2. A complaint by items has its case at once. Of choices nothing may be told before its block is
   given out (`core.choices`): a case of a rating or of a day is opened then. What is never given
   out, as at a month's end, gets a *confined* case, which only people with the capability
   *evidence* see. Nobody without it sees which rating a case is about (`shown`).
3. Each step is an event. A table holds them as they are here, one row each, for ever; moments are
   Unix milliseconds, and a ``due`` is the first moment that is too late.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from fleet_server.core.answers import Answer

Grain = Literal["rating", "item", "day"]

Step = Literal[
    "assign", "answer", "return", "close", "rule", "prolong", "escalate", "rehome", "withdraw"
]  # fmt: skip
"""*return*: for rework; *rehome*: to the unit above a dissolved one; *withdraw*: what it is about
is not signed rightly. The last three are the server's own."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a case is about.

    Attributes:
        unit: the unit of the counter on that day, by its id.
        counter: by its id.
        day: YYYY-MM-DD; for *rating* and *day* the day whose figures tell it.
        rating: the record, as its chain and number name it; None of a day, and where it is hidden.
        items: what was complained of, for *item*.
        confined: whether no figure tells of it (rule 2).
    """

    grain: Grain
    unit: int
    counter: int
    day: str
    rating: str | None = None
    items: tuple[str, ...] = ()
    confined: bool = False


def key(subject: Subject) -> str:
    """Return what is the same for each case of one subject: for a unique column of the table."""
    about = f"{subject.counter}:{subject.day}" if subject.grain == "day" else subject.rating
    confined = ":confined" if subject.grain == "day" and subject.confined else ""
    return f"{subject.grain}:{about}{confined}"


def hidden(subject: Subject) -> Subject:
    """Return a subject as people see it who have not asked which rating it is (`case_rights`)."""
    return replace(subject, rating=None)


@dataclass(frozen=True, slots=True)
class Opened:
    """The first event: where the case begins, and until when there is time."""

    subject: Subject
    due: int


@dataclass(frozen=True, slots=True)
class Assigned:
    """``person``, by the account's id, is to answer; the deadline stays."""

    person: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered (`core.answers`), and until when it is to be judged."""

    answer: Answer
    due: int


@dataclass(frozen=True, slots=True)
class Returned:
    """Why an answer is not enough, and until when there is to be another."""

    reason: str
    due: int


@dataclass(frozen=True, slots=True)
class Ruled:
    """Whether the reason lay on the citizen's side, and how that is known."""

    citizens_side: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Prolonged:
    """Why there is more time, and until when."""

    reason: str
    due: int


@dataclass(frozen=True, slots=True)
class Escalated:
    """The levels above the unit that are told now (`core.escalation`)."""

    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rehomed:
    """The unit whose case it is from now on, None for the fleet; and the new deadline."""

    unit: int | None
    due: int


@dataclass(frozen=True, slots=True)
class Closed:
    """What was said at the end; may be empty."""

    note: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The record that it is about was found not to be signed rightly, and counts no more."""


Body = Assigned | Answered | Returned | Ruled | Prolonged | Escalated | Rehomed | Closed | Withdrawn

STEPS: Mapping[type[Body], Step] = {
    Assigned: "assign",
    Answered: "answer",
    Returned: "return",
    Ruled: "rule",
    Prolonged: "prolong",
    Escalated: "escalate",
    Rehomed: "rehome",
    Closed: "close",
    Withdrawn: "withdraw",
}

OPEN: Literal["open"] = "open"


def step_of(body: Body | Opened) -> Step | Literal["open"]:
    """Return which step an event is, `OPEN` for the first."""
    return OPEN if isinstance(body, Opened) else STEPS[type(body)]


@dataclass(frozen=True, slots=True)
class Event:
    """A step: the ``seq``-th of its case, from 0; who (None: the server itself), when and what."""

    seq: int
    at: int
    who: int | None
    body: Body | Opened
