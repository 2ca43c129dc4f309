"""What lies where: the whole tree, one unit, one counter, one terminal, each with its past."""

import json

from flask import abort, render_template, request

from fleet_server.core.tree import BEGINNING, OPEN, Node
from fleet_server.store.pages import tree as store
from fleet_server.store.pages.tree import Device, Held
from fleet_server.web import access
from fleet_server.web.access import allow
from fleet_server.web.period import today
from fleet_server.web.tree import counter_forms, imports, replacing, terminal_forms, unit_forms
from fleet_server.web.tree.blueprint import blueprint
from fleet_server.web.tree.places import (
    allowed,
    counter_crumbs,
    counter_or_404,
    crumbs,
    device_crumbs,
    device_or_404,
    unit_or_404,
)

__all__ = [
    "blueprint",
    "counter_forms",
    "imports",
    "replacing",
    "terminal_forms",
    "unit_forms",
]

SEARCH_MAX = 64
MATCHES = 100


@blueprint.get("/")
@allow("setup")
def index() -> str:
    """Show the tree, or what a search finds in it."""
    scope, tree = access.scope("setup"), access.tree()
    asked = request.args.get("q", "").strip()
    if len(asked) > SEARCH_MAX:
        abort(404)
    matches = store.matching(asked, scope) if asked else []
    nodes = [one for one in tree if scope.covers(one.id)]
    tops = [one for one in nodes if one.parent is None or not scope.covers(one.parent)]
    return render_template(
        "tree.html",
        tree=tree,
        tops=tops,
        sums=_sums(nodes),
        asked=asked,
        matches=matches[:MATCHES],
        found=len(matches),
        today=today().isoformat(),
        may_add=allowed("tree", None),
    )


def _sums(nodes: list[Node]) -> dict[int, tuple[int, Held]]:
    """Return for each unit how many units lie below it, and what its branch holds."""
    right, sums = store.held(), {one.id: (0, Held()) for one in nodes}
    for one in reversed(nodes):  # those below before those above
        units, held = sums[one.id]
        held += right.get(one.id, Held())
        sums[one.id] = (units, held)
        if one.parent in sums:
            above, more = sums[one.parent]
            sums[one.parent] = (above + units + 1, more + held)
    return sums


@blueprint.get("/units/<unit>")
@allow("setup")
def unit(unit: str) -> str:
    """Show one unit: what it is, what lies in it, where it lay."""
    node = unit_or_404(unit, "setup")
    row = store.unit(unit)
    return render_template(
        "tree_unit.html",
        unit=node,
        row=row,
        crumbs=[*crumbs(node)[:-1], (node.name, None)],
        children=access.tree().children(node.id),
        counters=store.counters_of(node.id),
        kept=store.kept_by(node.id),
        spans=store.unit_spans(node.id),
        today=today().isoformat(),
        may=allowed("tree", node.id),
        access_parent=allowed("tree", node.parent),
        may_enrol=allowed("enrol", node.id),
        BEGINNING=BEGINNING,
        OPEN=OPEN,
    )


@blueprint.get("/counters/<code>")
@allow("setup")
def counter(code: str) -> str:
    """Show one counter: where it lay, and which terminals stood there."""
    row = counter_or_404(code, "setup")
    return render_template(
        "tree_counter.html",
        counter=row,
        unit=access.tree()[row.unit_id],
        crumbs=[*counter_crumbs(row)[:-1], (row.name, None)],
        spans=store.counter_spans(row.id),
        stood=store.stood_at(row.id),
        today=today().isoformat(),
        may=allowed("tree", row.unit_id),
        may_enrol=allowed("enrol", row.unit_id),
        BEGINNING=BEGINNING,
        OPEN=OPEN,
    )


@blueprint.get("/terminals/<terminal_id>")
@allow("fleet")
def terminal(terminal_id: str) -> str:
    """Show one terminal: where it is and was, and what it must know of that."""
    device = device_or_404(terminal_id, "fleet")
    return render_template(
        "tree_terminal.html",
        device=device,
        lines=_settings(device),
        crumbs=[*device_crumbs(device)[:-1], (device.id, None)],
        spans=store.spans_of(device.id),
        may=allowed("enrol", device.place) and device.retired_at is None,
    )


def _settings(device: Device) -> str:
    """Return the lines of a terminal's own settings that say where it stands, as TOML."""
    values = {"counter": device.counter, "counter_name": device.counter_name}
    lines = [f"{name} = {json.dumps(text, ensure_ascii=False)}" for name, text in values.items()]
    return "\n".join(lines)
