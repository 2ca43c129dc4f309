"""What is the case, and whether it is too much. Pure.

1. A verdict is *on* (too much), *off* (well again) or *between*: not enough to raise an alarm, too
   much to end one. So nothing flaps around a limit.
2. Facts hold no choice of a single visit: unsatisfied ratings come in the blocks of the running day
   that were given out (`core.choices`, rule 5), never one by one. A complaint by items says which.
3. What a notification says (``details``) is no more than that.

Each fact says of which ``kind`` it is, in which ``unit`` (by its id, None in no unit), and what its
``subject`` is: one alarm of a kind and subject is raised at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fleet_server.core.alarms.rules import Limits
from fleet_server.core.choices import ENOUGH_RATINGS, NONE, Choices
from fleet_server.core.opening import MINUTE_MS

Verdict = Literal["on", "between", "off"]
Details = Mapping[str, int | str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TerminalAway:
    """A terminal at a counter: is it there?

    Attributes:
        subject: the terminal.
        open_ms: for how long of the opening hours it has been gone (`Calendar.open_ms_between`).
        back_ms: for how long it has been there again; None while it is gone.
    """

    unit: int | None
    subject: str
    open_ms: int
    back_ms: int | None = None
    kind: Literal["terminal_lost"] = "terminal_lost"

    def verdict(self, limits: Limits, _now: int) -> Verdict:
        """Return *on* once it was gone too long, *off* once it has been back for a while."""
        if self.back_ms is not None:
            return "off" if self.back_ms >= limits.back_min * MINUTE_MS else "between"
        return "on" if self.open_ms >= limits.lost_min * MINUTE_MS else "between"

    def details(self, _limits: Limits, _now: int) -> Details:
        """Return the terminal, and how long it has been away."""
        return {"terminal": self.subject, "minutes": self.open_ms // MINUTE_MS}


@dataclass(frozen=True, slots=True)
class Block:
    """Choices of a counter that were given out together, and when (Unix ms)."""

    at: int
    told: Choices

    def __post_init__(self) -> None:
        """Refuse what is too little to be told.

        Raises:
            ValueError: it is.
        """
        if self.told.total < ENOUGH_RATINGS:
            raise ValueError(f"a block has {ENOUGH_RATINGS} ratings or more")


@dataclass(frozen=True, slots=True)
class Dissatisfaction:
    """What was given out of a counter's running day; ``subject`` is the counter.

    A block is told when the next five are there, so the alarm comes a block later than the press
    that makes it too much: the price of telling nobody's choice.
    """

    unit: int
    subject: str
    blocks: tuple[Block, ...]
    kind: Literal["unsatisfied"] = "unsatisfied"

    def verdict(self, limits: Limits, now: int) -> Verdict:
        """Return *on* at the share that is too much, *off* at half of it or without ratings."""
        told = self._lately(limits, now)
        found, most = told.unsatisfied * limits.of, limits.unsatisfied * told.total
        if 2 * found <= most:
            return "off"
        return "on" if found >= most and told.total >= limits.of else "between"

    def details(self, limits: Limits, now: int) -> Details:
        """Return the counter, and how many there were lately, in whole blocks."""
        told = self._lately(limits, now)
        return {"counter": self.subject, "unsatisfied": told.unsatisfied, "ratings": told.total}

    def _lately(self, limits: Limits, now: int) -> Choices:
        since = now - limits.within_min * MINUTE_MS
        return sum((one.told for one in self.blocks if since < one.at <= now), NONE)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint by items that nobody has closed; ``subject`` is its case."""

    unit: int
    subject: str
    counter: str
    items: tuple[str, ...]
    kind: Literal["complaint"] = "complaint"

    def verdict(self, _limits: Limits, _now: int) -> Verdict:
        """Return *on*: each is one too many."""
        return "on"

    def details(self, _limits: Limits, _now: int) -> Details:
        """Return the case, the counter and the items; nothing of the visit."""
        return {"case": self.subject, "counter": self.counter, "items": self.items}


@dataclass(frozen=True, slots=True)
class Participation:
    """How many of a counter's tickets of this month were rated, up to yesterday.

    Attributes:
        subject: the counter and the month; another month is another alarm.
        target: in per cent (`core.targets`).
        day: of the month, today.
    """

    unit: int
    subject: str
    counter: str
    served: int
    rated: int
    target: int
    day: int
    kind: Literal["participation"] = "participation"

    def verdict(self, limits: Limits, _now: int) -> Verdict:
        """Return *on* below the target from the day on, *off* so many points above it."""
        if self.rated * 100 >= min(self.target + limits.margin, 100) * self.served:
            return "off"
        under = self.rated * 100 < self.target * self.served
        return "on" if under and self.day >= limits.from_day else "between"

    def details(self, _limits: Limits, _now: int) -> Details:
        """Return the counter, the numbers and the target."""
        return {
            "counter": self.counter,
            "served": self.served,
            "rated": self.rated,
            "target": self.target,
        }


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """A matter (`store.matters`) that is open, whatever its kind; ``subject`` is its id."""

    unit: int | None
    subject: str
    matter: str
    kind: Literal["tampering"] = "tampering"

    def verdict(self, limits: Limits, _now: int) -> Verdict:
        """Return *on* where its kind is evidence of tampering."""
        return "on" if self.matter in limits.matters else "off"

    def details(self, _limits: Limits, _now: int) -> Details:
        """Return which matter, and its kind."""
        return {"matter": self.subject, "kind": self.matter}


@dataclass(frozen=True, slots=True)
class CaseSoon:
    """A case that waits for its unit and is not overdue.

    Attributes:
        subject: the case and its deadline, as ``12@1800000000000``; another deadline is another
            alarm.
        left: working days until then (`core.working_days.left`).
    """

    unit: int | None
    subject: str
    case: int
    left: int
    kind: Literal["case_due"] = "case_due"

    def verdict(self, limits: Limits, _now: int) -> Verdict:
        """Return *on* when few days are left."""
        return "on" if self.left <= limits.days_left else "off"

    def details(self, _limits: Limits, _now: int) -> Details:
        """Return which case, and the days that are left."""
        return {"case": self.case, "left": self.left}


@dataclass(frozen=True, slots=True)
class CaseOver:
    """An overdue case: one fact for its unit (level 0), one for each level that is in `Case.told`.

    Attributes:
        unit: who is told: the case's own, or that of the level.
        subject: the case, its deadline and the level, as ``12@1800000000000/1``.
        over: working days since the deadline.
    """

    unit: int | None
    subject: str
    case: int
    level: int
    over: int
    kind: Literal["case_overdue"] = "case_overdue"

    def verdict(self, _limits: Limits, _now: int) -> Verdict:
        """Return *on*: it is overdue."""
        return "on"

    def details(self, _limits: Limits, _now: int) -> Details:
        """Return which case, the level that is told, and the days that are over."""
        return {"case": self.case, "level": self.level, "over": self.over}


Fact = TerminalAway | Dissatisfaction | Complaint | Participation | OpenMatter | CaseSoon | CaseOver
