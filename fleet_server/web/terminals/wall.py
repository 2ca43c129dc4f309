"""The wall: every terminal a small cell, grouped by unit.

A city has 3,500 of them, so a cell is a bare link of some fifty bytes: its class is its state, and
the style sheet draws sign and shade. The cells are for eyes and mouse; for a keyboard and for
screen readers each row tells in words and links how many of its terminals are in which state.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from fleet_server.core.health import State
from fleet_server.core.tree import Tree
from fleet_server.web.terminals.judged import Judged

CLASSES: dict[State, str] = {
    "ready": "r",
    "late": "w",
    "lost": "l",
    "alert": "x",
    "closed": "c",
    "store": "s",
    "retired": "o",
}
"""The class of a cell, short: it stands there 3,500 times."""


@dataclass(frozen=True, slots=True)
class WallRow:
    """One unit's terminals.

    Attributes:
        code: of the unit; None for those that belong to none.
        path: the units above it, from the top.
        cells: the links.
        states: how many are in which state, the worst first.
    """

    code: str | None
    name: str | None
    path: str
    cells: Markup
    states: Sequence[tuple[State, int]]


def rows(terminals: Iterable[Judged], tree: Tree) -> list[WallRow]:
    """Return the wall, units in the order of the tree."""
    by_unit: dict[int | None, list[Judged]] = {}
    for one in terminals:
        by_unit.setdefault(one.row.unit, []).append(one)
    base = url_for("terminals.index")
    found = [
        _row(node.code, node.name, _path(tree, node.id), by_unit[node.id], base)
        for node in tree
        if node.id in by_unit
    ]
    if None in by_unit:
        found.append(_row(None, None, "", by_unit[None], base))
    return found


def _path(tree: Tree, unit: int) -> str:
    return " / ".join(node.name for node in tree.path(unit)[:-1])


def _row(
    code: str | None, name: str | None, path: str, terminals: list[Judged], base: str
) -> WallRow:
    terminals.sort(key=lambda one: (one.row.counter_code or "~", one.row.id))
    held = Counter(one.verdict.state for one in terminals)
    cells = Markup("").join(_cell(one, base) for one in terminals)
    return WallRow(code, name, path, cells, [(s, held[s]) for s in _WORST if held[s]])


_WORST: tuple[State, ...] = ("lost", "alert", "late", "ready", "closed", "store", "retired")


_CELL = Markup('<a class=%s tabindex=-1 href="%s/%s"></a>')


def _cell(one: Judged, base: str) -> Markup:
    return _CELL % (CLASSES[one.verdict.state], base, one.row.id)
