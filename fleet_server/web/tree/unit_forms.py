"""Adding, changing, moving and closing units."""

from typing import Any

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from fleet_server.core.tree import Node, TreeError
from fleet_server.store.editing import Stale
from fleet_server.store.edits import units
from fleet_server.store.offices import add_unit as save_new
from fleet_server.store.pages import tree as store
from fleet_server.web import access
from fleet_server.web.access import allow
from fleet_server.web.period import today
from fleet_server.web.tree.answers import Edit, Page, answer
from fleet_server.web.tree.blueprint import blueprint
from fleet_server.web.tree.forms import (
    CloseForm,
    EditForm,
    MoveUnitForm,
    NewUnitForm,
    UnitForm,
    unit_choices,
)
from fleet_server.web.tree.places import asked_unit, crumbs, latest_closing, unit_or_404
from fleet_server.web.words.tree import refusal


def _mine() -> list[int]:
    """Return the ids of the units in which the person may change the tree."""
    scope = access.scope("tree")
    return [one.id for one in access.tree() if scope.covers(one.id)]


def _parents(without: frozenset[int] = frozenset()) -> list[Any]:
    top = gettext("nothing: it stands at the top") if access.scope("tree").covers(None) else None
    return unit_choices(access.tree(), _mine(), without=without, empty=top)


def _back(unit: Node) -> str:
    return url_for("tree.unit", unit=unit.code)


@blueprint.route("/new-unit", methods=["GET", "POST"])
@allow("tree")
def add_unit() -> ResponseReturnValue:
    """Add a unit below another, or at the top."""
    above = asked_unit("tree")
    form = NewUnitForm(data={"parent": above.code if above else "", "kind": "unit"})
    form.parent.choices = _parents()
    page = Page(
        title=gettext("Add a unit"),
        crumbs=crumbs(above, (gettext("Add a unit"), None)),
        back=_back(above) if above else url_for("tree.index"),
        hints={
            "code": gettext("Short, such as Q3-TP. It stands in lists and addresses."),
            "kind": gettext(
                "A city holds districts and departments, these hold units; a unit may hold units."
            ),
        },
    )

    def save(_version: int) -> None:
        parent = form.parent.data or None
        _check_top(parent)
        save_new(
            form.code.data, form.name.data, g.now, access.actor(),
            kind=form.kind.data, parent=parent,
        )  # fmt: skip

    places = {"rank": "parent", "in_closed": "parent", "missing": "parent", "taken": "code"}
    edit = Edit(save, blame=places)
    return answer(form, page, edit, gettext("The unit was added."))


@blueprint.route("/units/<unit>/change", methods=["GET", "POST"])
@allow("tree")
def change_unit(unit: str) -> ResponseReturnValue:
    """Change a unit's code, name or kind."""
    node = unit_or_404(unit, "tree")
    form = UnitForm()
    typed = form.code.data if form.is_submitted() and form.validate() else unit
    page = Page(
        title=gettext("Change this unit"),
        crumbs=crumbs(node, (gettext("Change"), None)),
        back=url_for("tree.unit", unit=typed),
        hints={
            "code": gettext(
                "It may change: no signed record and no queue system names it. Addresses of pages "
                "with the old code end, and lists that name it must be written anew."
            )
        },
    )

    def current() -> tuple[dict[str, Any], int]:
        row = store.unit(unit)
        return {"code": row.code, "name": row.name, "kind": row.kind}, row.version

    def save(version: int) -> None:
        units.change(
            unit, version, to=form.code.data, name=form.name.data, kind=form.kind.data,
            now=g.now, actor=access.actor(),
        )  # fmt: skip

    edit = Edit(save, current, {"taken": "code", "rank": "kind", "children": "kind"})
    return answer(form, page, edit, gettext("The unit was changed."))


@blueprint.route("/units/<unit>/move", methods=["GET", "POST"])
@allow("tree")
def move_unit(unit: str) -> ResponseReturnValue:
    """Put a unit below another, from today on."""
    node = unit_or_404(unit, "tree")
    access.demand("tree", node.parent)
    form = MoveUnitForm()
    form.parent.choices = _parents(access.tree().branch(node.id))
    page = Page(
        title=gettext("Move this unit"),
        crumbs=crumbs(node, (gettext("Move"), None)),
        back=_back(node),
        told=[
            gettext("It moves today, with all that lies in it."),
            gettext(
                "From today on its figures count for where it lies then. The figures of the days "
                "before stay where they were counted, so past reports do not change."
            ),
        ],
    )

    def current() -> tuple[dict[str, Any], int]:
        row = store.unit(unit)
        return {"parent": row.parent.code if row.parent_id else ""}, row.version

    def save(version: int) -> None:
        parent, day = form.parent.data or None, today().isoformat()
        _check_top(parent)
        units.move(unit, version, parent, day, g.now, access.actor())

    edit = Edit(save, current, dict.fromkeys(("rank", "below", "in_closed", "missing"), "parent"))
    return answer(form, page, edit, gettext("The unit was moved."))


@blueprint.route("/units/<unit>/close", methods=["GET", "POST"])
@allow("tree")
def close_unit(unit: str) -> ResponseReturnValue:
    """Close a unit in which nothing is open any more."""
    node = unit_or_404(unit, "tree")
    form = CloseForm()
    form.latest = latest_closing()
    page = Page(
        title=gettext("Close this unit"),
        crumbs=crumbs(node, (gettext("Close"), None)),
        back=_back(node),
        told=[
            gettext("From that day on it is in no list. Its past and its figures stay."),
            gettext("All counters and units in it must be closed or moved before."),
        ],
        danger=True,
    )

    def current() -> tuple[dict[str, Any], int]:
        row = store.unit(unit)
        return {"day": today()}, row.version

    def save(version: int) -> None:
        units.close(unit, version, form.day.data.isoformat(), g.now, access.actor())

    return answer(form, page, Edit(save, current), gettext("The unit is closed."))


@blueprint.post("/units/<unit>/reopen")
@allow("tree")
def reopen_unit(unit: str) -> ResponseReturnValue:
    """Let a closed unit be there again."""
    node = unit_or_404(unit, "tree")
    try:
        units.reopen(unit, EditForm().read(), g.now, access.actor())
    except Stale:
        flash(gettext("Somebody else changed it meanwhile. Please look again."), "error")
    except TreeError as error:
        flash(refusal(error), "error")
    else:
        flash(gettext("The unit is open again."), "success")
    return redirect(_back(node), 303)


def _check_top(parent: str | None) -> None:
    """Let only who looks after the whole fleet put a unit at its top."""
    if parent is None:
        access.demand("tree", None)
