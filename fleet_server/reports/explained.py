"""The cases of a branch and a period, as they stand now."""

from collections import defaultdict

from fleet_server.core.comparison import Share
from fleet_server.core.explained import Cases, Explained, Part, explained, together
from fleet_server.core.roles import NOTHING, Scope
from fleet_server.core.tree import Node, Tree
from fleet_server.store import places
from fleet_server.store.pages import cases as store
from fleet_server.store.pages.cases import Sight
from fleet_server.web.pieces import Asked


def cases(asked: Asked, sight: Sight, now: int) -> Cases | None:
    """Return what became of the cases; None where there is none that may be told.

    Args:
        asked: period and branch.
        sight: which cases whoever reads it sees. Confined ones are told to who sees them in all
            of the branch, or not at all.
        now: Unix milliseconds.
    """
    tree = places.tree()
    here = _of_branch(sight.cases, asked, tree)
    everywhere = _units(asked, tree)
    seen = sight.evidence.units
    whole = seen is None or (everywhere is not None and everywhere <= seen)
    found: dict[Node | None, Explained] = defaultdict(Explained)
    for unit, counts in _by_unit(asked, here, sight.evidence if whole else NOTHING, now).items():
        found[_part(unit, asked, tree)] += counts
    if not found:
        return None
    order = sorted(found.items(), key=lambda one: (one[0] is None, one[0].code if one[0] else ""))
    named = [(node.code, node.name, held) if node else ("", "", held) for node, held in order]
    return Cases(tuple(Part(*one) for one in named), whole)


def in_time(asked: Asked, now: int) -> Share:
    """Return how many of the cases that were due were explained in time; no confined ones."""
    here = _of_branch(asked.scope, asked, places.tree())
    return together(_by_unit(asked, here, NOTHING, now).values()).share


def _by_unit(asked: Asked, here: Scope, evidence: Scope, now: int) -> dict[int | None, Explained]:
    days = asked.period.first.isoformat(), asked.period.last.isoformat()
    found: dict[int | None, Explained] = defaultdict(Explained)
    for one in store.alike(here, now, days):
        if one.is_told(evidence):
            found[one.unit] += explained(one)
    return found


def _units(asked: Asked, tree: Tree) -> frozenset[int] | None:
    return tree.branch(asked.unit.id) if asked.unit else None


def _of_branch(scope: Scope, asked: Asked, tree: Tree) -> Scope:
    units = _units(asked, tree)
    return scope if units is None else scope.within(units)


def _part(unit: int | None, asked: Asked, tree: Tree) -> Node | None:
    """Return the part of the branch that a unit lies in; None right in its top, or in none."""
    path = tree.path(unit) if unit is not None else []
    depth = len(tree.path(asked.unit.id)) if asked.unit else _shared(tree)
    return path[depth] if len(path) > depth else None


def _shared(tree: Tree) -> int:
    """Return 1 for a fleet below a single unit, whose parts are that one's; else 0."""
    return int(len(tree.children(None)) == 1)
