"""What is too much, who is told, when nobody is woken: for the whole fleet, or a unit."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from fleet_server.core.alarms.rules import KINDS, USUAL, Held, Kind, Rule, Rules
from fleet_server.store import alarm_rules as store
from fleet_server.store import rooms
from fleet_server.store.alarm_rules import Says
from fleet_server.store.database import writing
from fleet_server.store.editing import Stale
from fleet_server.web import access, branch
from fleet_server.web.access import allow
from fleet_server.web.alarms.forms import RuleForm, shown
from fleet_server.web.branch import Holder

blueprint = Blueprint("alarm_rules", __name__, template_folder=".")


@blueprint.get("/settings/alarms")
@allow("setup")
def index() -> str:
    """Show what holds for each kind, and whose word it is."""
    whose, held = branch.holder(), store.held()
    rules, own = Rules(held), _own(held, whose)
    lines = [(kind, rules.of(kind, whose.id, access.tree()), kind in own) for kind in KINDS]
    return render_template(
        "alarm_rules.html",
        unit=whose.unit,
        lines=lines,
        may_edit=whose.may_set,
        units=branch.units("setup"),
        rooms=[one for one in rooms.listed() if one.unit == whose.code],
    )


@blueprint.get("/settings/alarms/<alarm>")
@allow("setup")
def one(alarm: str) -> str:
    """Show what holds for one kind, and the form that changes it."""
    whose, known = branch.holder(), _kind(alarm)
    rule, says = _now(whose, known)
    seen = store.newest(whose.id, known)
    form = RuleForm(known, rule, says, formdata=None, data=shown(rule, says, seen))
    return _page(whose, known, form)


@blueprint.post("/settings/alarms/<alarm>")
@allow("settings")
def change(alarm: str) -> ResponseReturnValue:
    """Let something else hold from now on."""
    whose, known = branch.holder(), _kind(alarm)
    whose.demand_set()
    form = RuleForm(known, *_now(whose, known))
    if not form.validate_on_submit():
        return _page(whose, known, form), 422
    try:
        with writing():
            store.add(
                whose.id, known, form.version, form.word, form.rule(), actor=access.actor(),
                now=g.now,
            )  # fmt: skip
    except Stale:
        form.seen.data = form.seen.raw_data = str(store.newest(whose.id, known))
        return _page(whose, known, form, stale=True), 409
    flash(gettext("The rule is saved."), "success")
    return redirect(url_for("alarm_rules.index", unit=whose.code), 303)


def _kind(kind: str) -> Kind:
    if kind not in KINDS:
        abort(404)
    return kind


def _own(held: list[Held], whose: Holder) -> dict[Kind, Rule | None]:
    return {one.kind: one.rule for one in held if one.unit == whose.id}


def _now(whose: Holder, kind: Kind) -> tuple[Rule, Says]:
    """Return the rule that the form begins with, and what the holder itself says."""
    held = store.held()
    own = _own(held, whose)
    rule = Rules(held).of(kind, whose.id, access.tree()) or USUAL[kind]
    says: Says = "above" if kind not in own else "off" if own[kind] is None else "rule"
    return rule, says


def _page(whose: Holder, kind: Kind, form: RuleForm, stale: bool = False) -> str:
    return render_template(
        "alarm_rule.html",
        unit=whose.unit,
        kind=kind,
        form=form,
        stale=stale,
        may_edit=whose.may_set,
    )
