"""What participation and satisfaction should be, in which version, for whom, since when.

1. The whole fleet has targets. A unit may have its own; they hold for all below it that have none.
2. A version holds from its day until the next one of the same holder. Past days keep theirs.
3. Each counter's day is judged by the target that held for it on that day. What a period should
   have reached is the sum of what its days should: of those served, so many rated. So a period in
   which targets changed, and a unit whose parts have different ones, is judged by the average that
   weighs each day and part by its people.
4. So whoever lowers the target of a part lowers that of the whole. Somebody who is judged by a
   unit's target, as they set targets in its branch but not its own, sets none below it that asks
   for less (`least`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fleet_server.core.tree import OPEN, Tree

SCALES: Mapping[int, tuple[str, ...]] = {1: ("very_satisfied", "satisfied", "unsatisfied")}
"""The versions of the rating scale, one for the whole fleet; all but the last are satisfied."""

SCALE = 1
"""The scale that terminals ask on now."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What should be reached, in per cent; ``scale`` is what satisfaction is measured on."""

    participation: int
    satisfaction: int
    scale: int = SCALE


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the fleet's targets (``unit`` None) or of a unit's.

    ``goal`` None: from that day on the unit has none of its own. ``id`` grows with each.
    """

    id: int
    unit: int | None
    since: str
    goal: Goal | None


class Targets:
    """All versions."""

    def __init__(self, versions: Iterable[Version]) -> None:
        """Take the versions, of which at least one is the fleet's and of the beginning."""
        self._versions = sorted(versions, key=lambda one: (one.since, one.id))

    def changes(self, first: str, last: str) -> list[str]:
        """Return the days after ``first``, up to ``last``, on which any version begins."""
        return sorted({one.since for one in self._versions if first < one.since <= last})

    def own(self, unit: int | None, day: str) -> Goal | None:
        """Return what a unit, or the fleet, has of its own on a day."""
        said = [one for one in self._versions if one.unit == unit and one.since <= day]
        return said[-1].goal if said else None

    def fleet(self, day: str) -> Goal:
        """Return what holds for the whole fleet on a day."""
        goal = self.own(None, day)
        if goal is None:
            raise LookupError("the fleet has no target")
        return goal

    def on(self, day: str, tree: Tree) -> dict[int, Goal]:
        """Return what holds for each unit on a day; the tree is that of the day."""
        found: dict[int, Goal] = {}
        whole = self.fleet(day)
        with_own = {one.unit for one in self._versions}
        for node in tree:
            wider = whole if node.parent is None else found[node.parent]
            own = self.own(node.id, day) if node.id in with_own else None
            found[node.id] = own or wider
        return found

    def least(self, unit: int, since: str, tree: Tree) -> Goal:
        """Return the highest that a unit is asked for from a day on, each share for itself.

        Args:
            unit: by its id.
            since: the day, YYYY-MM-DD.
            tree: that of today.
        """
        days = [since, *self.changes(since, OPEN)]
        asked = [self.on(day, tree)[unit] for day in days]
        return Goal(max(one.participation for one in asked), max(one.satisfaction for one in asked))
