"""The wall: every terminal a small cell, grouped by unit.

A city has 3,500 of them, so a cell is a bare link of some forty bytes: its class is its state, and
the style sheet draws sign and shade. The cells are for eyes and mouse; for a keyboard and for
screen readers each unit tells in words and links how many of its terminals are in which state.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from fleet_server.core.health import State
from fleet_server.core.tree import Node, Tree
from fleet_server.judged import Judged

CLASSES: dict[State, str] = {
    "ready": "",
    "late": "w",
    "lost": "l",
    "alert": "x",
    "closed": "c",
    "store": "s",
    "retired": "o",
}
"""The class of a cell, short: it stands there 3,500 times; most are ready and need none."""


@dataclass(frozen=True, slots=True)
class WallRow:
    """One unit's terminals.

    Attributes:
        code: of the unit; None for those that belong to none.
        above: the name of the unit above it.
        cells: the links.
        states: how many are in which state, the worst first.
    """

    code: str | None
    name: str | None
    above: str
    cells: Markup
    states: Sequence[tuple[State, int]]


def rows(terminals: Iterable[Judged], tree: Tree) -> list[WallRow]:
    """Return the wall, units in the order of the tree."""
    by_unit: dict[int | None, list[Judged]] = {}
    for one in terminals:
        by_unit.setdefault(one.row.unit, []).append(one)
    found = [
        _row(node.code, node.name, _above(tree, node), by_unit[node.id])
        for node in tree
        if node.id in by_unit
    ]
    if None in by_unit:
        found.append(_row(None, None, "", by_unit[None]))
    return found


def _above(tree: Tree, node: Node) -> str:
    return "" if node.parent is None else tree[node.parent].name


def _row(code: str | None, name: str | None, above: str, terminals: list[Judged]) -> WallRow:
    terminals.sort(key=lambda one: (one.row.counter_code or "~", one.row.id))
    held = Counter(one.verdict.state for one in terminals)
    cells = Markup("").join(_cell(one) for one in terminals)
    return WallRow(code, name, above, cells, [(s, held[s]) for s in _WORST if held[s]])


_WORST: tuple[State, ...] = ("lost", "alert", "late", "ready", "closed", "store", "retired")
_CELL = Markup('<a class=%s tabindex=-1 href="terminals/%s"></a>')
_READY = Markup('<a tabindex=-1 href="terminals/%s"></a>')


def _cell(one: Judged) -> Markup:
    # Relative to the page, which is one level up.
    name = CLASSES[one.verdict.state]
    return _CELL % (name, one.row.id) if name else _READY % one.row.id


def groups(found: Iterable[WallRow]) -> list[tuple[str, list[WallRow]]]:
    """Return the rows by the unit above them, in the order in which these come first."""
    by_above: dict[str, list[WallRow]] = {}
    for row in found:
        by_above.setdefault(row.above, []).append(row)
    return list(by_above.items())
