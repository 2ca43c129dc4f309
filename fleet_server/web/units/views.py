"""How do the units compare, and how do the parts of one?"""

from dataclasses import dataclass, replace

from flask import Blueprint, abort, render_template

from fleet_server.core.targets import SCALE
from fleet_server.core.tree import Node
from fleet_server.store.changes import CHANNELS
from fleet_server.store.pages import tree as tree_store
from fleet_server.web import access, apart, interviewed, measured, ruled, trend
from fleet_server.web.access import allow
from fleet_server.web.address import Order, asked_order
from fleet_server.web.cases import counted
from fleet_server.web.counters import lines as listed
from fleet_server.web.counters.lines import Changes, changes
from fleet_server.web.counters.views import service_options
from fleet_server.web.figures import NOTHING, Figures, together
from fleet_server.web.period import asked, choose
from fleet_server.web.pieces import Asked
from fleet_server.web.sorting import SORTS, ordered

blueprint = Blueprint("units", __name__, template_folder=".")

MOST = 6
"""Units that are compared side by side."""

WORST = 10
"""Counters under target that a unit's page names."""


@dataclass(frozen=True, slots=True)
class Line:
    """A part of a branch: a unit, or None for what lies right in it; and its open counters."""

    node: Node | None
    counters: int
    figures: Figures
    changes: Changes


def _parts(wanted: Asked) -> list[Line]:
    before = {
        node and node.id: figures
        for node, figures in measured.by_part(wanted.over(wanted.period.before()))
    }
    held = tree_store.held()
    tree = access.tree()
    here = wanted.unit.id if wanted.unit else 0
    return [
        Line(
            node,
            sum(
                held[unit].counters
                for unit in (tree.branch(node.id) if node else {here})
                if unit in held
            ),
            figures,
            changes(figures, before.get(node and node.id, NOTHING)),
        )
        for node, figures in measured.by_part(wanted)
        if node is None or _stood(node, wanted) or figures.sums.served or figures.rated
    ]


def _stood(node: Node, wanted: Asked) -> bool:
    """Whether a unit was there in the period, or is after it."""
    return node.closed is None or node.closed > wanted.period.first.isoformat()


def _holds(wanted: Asked) -> bool:
    """Whether any unit or open counter is there at all, whatever the period."""
    tree = access.tree()
    if wanted.unit is None:
        return any(wanted.scope.covers(node.id) for node in tree)
    held = tree_store.held().get(wanted.unit.id)
    return bool(tree.children(wanted.unit.id)) or (held is not None and held.counters > 0)


def _ordered(parts: list[Line]) -> tuple[Order, list[Line]]:
    order = asked_order(("unit", *SORTS), Order("unit"))
    if order is None:
        abort(404)
    return order, ordered(parts, order, lambda one: one.figures)


@blueprint.get("/units")
@allow("figures")
def index() -> tuple[str, int]:
    """Show the highest units of the scope over a period, side by side."""
    return _page(None)


@blueprint.get("/units/<unit_code>")
@allow("figures")
def one(unit_code: str) -> tuple[str, int]:
    """Show a unit over a period: its parts compared, its days, its services."""
    unit = access.tree().by_code(unit_code)
    if unit is None:
        abort(404)
    access.demand("figures", unit.id)
    return _page(unit)


def _page(unit: Node | None) -> tuple[str, int]:
    chooser = choose()
    wanted = asked(chooser)
    if unit is not None:
        here = wanted.scope.within(access.tree().branch(unit.id))
        wanted = replace(wanted, unit=unit, here=here)
    order, parts = _ordered(_parts(wanted))
    total = together(part.figures for part in parts)
    page = render_template(
        "units.html",
        chooser=chooser,
        asked=wanted,
        path=[
            node
            for node in (access.tree().path(unit.id) if unit else [])
            if wanted.scope.covers(node.id)
        ],
        in_tree=unit is not None and access.scope("setup").covers(unit.id),
        order=order,
        members=parts,
        holds=bool(parts) or _holds(wanted),
        total=total,
        changes=changes(total, measured.whole(wanted.over(chooser.period.before()))),
        year=changes(total, measured.whole(wanted.over(chooser.period.year_before()))),
        interviewed=interviewed.told(wanted, total),
        trend=trend.of_branch(trend.wide(wanted)),
        others=apart.lines(wanted, total),
        worst=_worst(wanted) if unit else [],
        cases=counted.of_branch(unit),
        ruled=ruled.beside(total, wanted),
        services=service_options(),
        scale=SCALE,
        subjects=["counter:", "case", CHANNELS],
        compared=[f"unit:{part.node.code}" for part in parts if part.node][:MOST],
    )
    return page, 400 if chooser.problem else 200


def _worst(wanted: Asked) -> list[listed.Line]:
    found = listed.under(listed.lines(wanted), "under")
    return listed.ordered(found, Order("participation"))[:WORST]
