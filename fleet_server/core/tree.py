"""The tree of units: which lies in which, today and on any day before.

A city has districts and departments, these have units, and a unit may have units of its own. A
fleet of one office has a single unit and no more. Days are YYYY-MM-DD in the fleet's time zone, so
they sort as texts; a span of days has its end left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["city", "district", "department", "unit"]

KINDS: tuple[Kind, ...] = ("city", "district", "department", "unit")
RANKS: dict[str, int] = {"city": 0, "district": 1, "department": 1, "unit": 2}
"""What lies in what: a unit lies in one of a lower rank, or in another unit."""

BEGINNING = "0001-01-01"
"""The day on which the first place of everything begins."""

OPEN = "9999-12-31"
"""The end of a place that lasts."""

Reason = Literal[
    "itself", "below", "rank", "children", "before", "in_closed", "holds_open", "served", "retired",
    "ahead",
]  # fmt: skip


class TreeError(Exception):
    """Something can't be put there, or be closed.

    ``reason``: *itself*, or *below* itself; *rank*: that kind holds none of this kind; *children*:
    what it holds does not fit its new kind; *before*: the day lies before the last move;
    *in_closed*: that one is closed; *holds_open*: it can't close while it holds what is open;
    *served*: it has figures on or after that day; *retired*: that terminal is out of use for good;
    *ahead*: that day is still to come.
    ``value``: the day of the last move, or the last day with figures.
    """

    def __init__(self, reason: Reason, value: str = "") -> None:
        """Keep the reason, which whoever shows it puts into words."""
        super().__init__(reason)
        self.reason: Reason = reason
        self.value = value


@dataclass(frozen=True, slots=True)
class Node:
    """A unit in the tree; ``parent`` is another's id, or None at the top.

    ``closed`` is the first day on which it is no longer there, or None.
    """

    id: int
    code: str
    name: str
    kind: str
    parent: int | None
    closed: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was from ``since`` until before ``until``: in ``holder``, None at the top."""

    holder: int | None
    since: str = BEGINNING
    until: str = OPEN


@dataclass(frozen=True, slots=True)
class Branch:
    """``unit`` lay below ``ancestor``, or is it, from ``since`` until before ``until``."""

    ancestor: int
    unit: int
    since: str
    until: str


class Tree:
    """The units as they lie today."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        """Take the units, in the order in which siblings are to be listed."""
        self._nodes = {node.id: node for node in nodes}
        self._below: dict[int | None, list[int]] = {}
        for node in self._nodes.values():
            self._below.setdefault(node.parent, []).append(node.id)

    def __iter__(self) -> Iterator[Node]:
        """Yield every unit, each before those in it."""
        yield from self._down(None)

    def __getitem__(self, unit: int) -> Node:
        """Return a unit by its id."""
        return self._nodes[unit]

    def _down(self, parent: int | None) -> Iterator[Node]:
        for unit in self._below.get(parent, ()):
            yield self._nodes[unit]
            yield from self._down(unit)

    def by_code(self, code: str) -> Node | None:
        """Return the unit of that code."""
        return next((node for node in self._nodes.values() if node.code == code), None)

    def children(self, unit: int | None) -> list[Node]:
        """Return the units right below one, or at the top."""
        return [self._nodes[one] for one in self._below.get(unit, ())]

    def branch(self, unit: int) -> frozenset[int]:
        """Return the ids of a unit and of all below it."""
        return frozenset({unit, *(node.id for node in self._down(unit))})

    def path(self, unit: int) -> list[Node]:
        """Return the units from the top down to this one."""
        found: list[Node] = []
        at: int | None = unit
        while at is not None:
            found.append(self._nodes[at])
            at = self._nodes[at].parent
        return found[::-1]

    def check_new(self, kind: str, parent: int | None) -> None:
        """Refuse a new unit of a kind where it does not belong.

        Raises:
            TreeError: it is one.
        """
        if parent is not None:
            self.check_open(parent)
            self._check_rank(parent, kind)

    def check_open(self, unit: int) -> None:
        """Refuse to put anything into a unit that is closed, or will be.

        Raises:
            TreeError: it is.
        """
        if self._nodes[unit].closed is not None:
            raise TreeError("in_closed")

    def check_change(self, unit: int, kind: str, parent: int | None) -> None:
        """Refuse to put a unit, as this kind, where it does not belong.

        Raises:
            TreeError: it does not.
        """
        if parent == unit:
            raise TreeError("itself")
        if parent is not None and parent in self.branch(unit):
            raise TreeError("below")
        if parent is not None and parent != self._nodes[unit].parent:
            self.check_open(parent)
        if parent is not None:
            self._check_rank(parent, kind)
        if not all(holds(kind, child.kind) for child in self.children(unit)):
            raise TreeError("children")

    def check_close(self, unit: int) -> None:
        """Refuse to close a unit while it holds an open one.

        Raises:
            TreeError: it does.
        """
        if any(child.closed is None for child in self.children(unit)):
            raise TreeError("holds_open")

    def _check_rank(self, parent: int, kind: str) -> None:
        if not holds(self._nodes[parent].kind, kind):
            raise TreeError("rank")


def holds(kind: str, other: str) -> bool:
    """Whether a unit of a kind may hold one of another kind."""
    return RANKS[kind] < RANKS[other] or kind == other == "unit"


def moved(places: Iterable[Place], holder: int | None, day: str) -> list[Place]:
    """Return where something was, once it has moved on a day; places in order.

    Raises:
        TreeError: it moved last after that day.
    """
    *former, last = places
    if day < last.since:
        raise TreeError("before", last.since)
    if holder == last.holder:
        return [*former, last]
    if day == last.since:
        return [*former, replace(last, holder=holder)]
    return [*former, replace(last, until=day), Place(holder, day)]


def branches(places: dict[int, list[Place]]) -> list[Branch]:
    """Return which unit lay below which, and when.

    Args:
        places: each unit's places, in order.
    """
    found = [
        Branch(ancestor, unit, since, until)
        for unit in places
        for ancestor, since, until in _above(places, unit, BEGINNING, OPEN)
    ]
    return sorted(found, key=lambda one: (one.ancestor, one.unit, one.since))


def _above(
    places: dict[int, list[Place]], unit: int, since: str, until: str
) -> Iterator[tuple[int, str, str]]:
    yield unit, since, until
    for place in places[unit]:
        first, last = max(since, place.since), min(until, place.until)
        if place.holder is not None and first < last:
            yield from _above(places, place.holder, first, last)
