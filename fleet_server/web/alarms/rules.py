"""What is too much, who is told, when nobody is woken: for the whole fleet, or a unit."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from fleet_server.core.alarms.rules import KINDS, USUAL, Held, Kind, Rule, Rules
from fleet_server.core.tree import Node
from fleet_server.store import alarm_rules as store
from fleet_server.store import rooms
from fleet_server.store.alarm_rules import Says
from fleet_server.store.database import writing
from fleet_server.store.editing import Stale
from fleet_server.web import access, branch
from fleet_server.web.access import allow
from fleet_server.web.alarms.forms import RuleForm, shown

blueprint = Blueprint("alarm_rules", __name__, template_folder=".")


@blueprint.get("/settings/alarms")
@allow("setup")
def index() -> str:
    """Show what holds for each kind, and whose word it is."""
    unit, held = _unit(), store.held()
    rules, own = Rules(held), _own(held, unit)
    lines = [(kind, rules.of(kind, _id(unit), access.tree()), kind in own) for kind in KINDS]
    units = branch.units("setup")
    heard = [one for one in rooms.listed() if one.unit == (unit and unit.code)]
    return render_template("alarm_rules.html", unit=unit, lines=lines, units=units, rooms=heard)


@blueprint.get("/settings/alarms/<alarm>")
@allow("setup")
def one(alarm: str) -> str:
    """Show what holds for one kind, and the form that changes it."""
    unit, known = _unit(), _kind(alarm)
    rule, says = _now(unit, known)
    seen = store.newest(_id(unit), known)
    form = RuleForm(known, rule, formdata=None, data=shown(rule, says, seen))
    return _page(unit, known, form)


@blueprint.post("/settings/alarms/<alarm>")
@allow("settings")
def change(alarm: str) -> ResponseReturnValue:
    """Let something else hold from now on."""
    unit, known = _unit(), _kind(alarm)
    access.demand("settings", _id(unit))
    form = RuleForm(known, _now(unit, known)[0])
    if not form.validate_on_submit():
        return _page(unit, known, form), 422
    try:
        with writing():
            store.add(
                _id(unit), known, form.version, form.word, form.rule(), actor=access.actor(),
                now=g.now,
            )  # fmt: skip
    except Stale:
        form.seen.data = form.seen.raw_data = str(store.newest(_id(unit), known))
        return _page(unit, known, form, stale=True), 409
    flash(gettext("The rule is saved."), "success")
    return redirect(url_for("alarm_rules.index", unit=unit and unit.code), 303)


def _unit() -> Node | None:
    """Return the unit that the address names, or None for the fleet; 404 where one may not look."""
    code = request.args.get("unit", "")
    unit = access.tree().by_code(code) if code else None
    if code and (unit is None or not access.scope("setup").covers(unit.id)):
        abort(404)
    return unit


def _id(unit: Node | None) -> int | None:
    return unit.id if unit else None


def _kind(kind: str) -> Kind:
    if kind not in KINDS:
        abort(404)
    return kind


def _own(held: list[Held], unit: Node | None) -> dict[Kind, Rule | None]:
    return {one.kind: one.rule for one in held if one.unit == _id(unit)}


def _now(unit: Node | None, kind: Kind) -> tuple[Rule, Says]:
    """Return the rule that the form begins with, and what the holder itself says."""
    held = store.held()
    own = _own(held, unit)
    rule = Rules(held).of(kind, _id(unit), access.tree()) or USUAL[kind]
    says: Says = "above" if kind not in own else "off" if own[kind] is None else "rule"
    return rule, says


def _page(unit: Node | None, kind: Kind, form: RuleForm, stale: bool = False) -> str:
    return render_template(
        "alarm_rule.html",
        unit=unit,
        kind=kind,
        form=form,
        stale=stale,
        may_edit=access.scope("settings").covers(_id(unit)),
    )
