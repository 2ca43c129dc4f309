"""Withdrawing what was entered by mistake: one rating, or all of the list that it came in."""

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from fleet_server.store import audit_log
from fleet_server.store import unsigned_withdrawals as store
from fleet_server.store.database import writing
from fleet_server.store.pages.unsigned import Listed
from fleet_server.store.pages.unsigned import one as line_of
from fleet_server.store.unsigned_withdrawals import Reason
from fleet_server.web import access
from fleet_server.web.access import allow
from fleet_server.web.other.blueprint import blueprint
from fleet_server.web.other.forms import WithdrawalForm


@blueprint.get("/<int:number>/withdraw")
@allow("enter")
def withdrawal(number: int) -> ResponseReturnValue:
    """Ask why a rating is withdrawn."""
    one = _one(number)
    return _page(one, WithdrawalForm(formdata=None)) if one.may_withdraw else _refused()


@blueprint.post("/<int:number>/withdraw")
@allow("enter")
def withdraw(number: int) -> ResponseReturnValue:
    """Let the withdrawal stand beside it; the rating itself stays."""
    one, form = _one(number), WithdrawalForm()
    if one.may_withdraw and not form.validate():
        return _page(one, form), 422
    count = _withdraw(one, form.reason.data, whole=form.whole.data)
    if not count:
        return _refused()
    said = ngettext("%(num)s rating was withdrawn.", "%(num)s ratings were withdrawn.", count)
    flash(said, "success")
    return redirect(url_for("other.index"), 303)


def _withdraw(one: Listed, why: str, *, whole: bool) -> int:
    with writing():
        reason = Reason(access.actor(), g.now, why)
        count = store.withdraw(one.id, access.scope("enter"), reason, whole=whole)
        if count:
            details = {"way": one.way, "day": one.day, "rows": count, "reason": why}
            subject = f"unsigned:{one.id}"
            audit_log.note(reason.by, "unsigned.withdraw", subject, details, at=g.now)
    return count


def _one(number: int) -> Listed:
    found = line_of(number, access.scope("enter"))
    if found is None:
        abort(404)
    return found


def _page(one: Listed, form: WithdrawalForm) -> str:
    form.offer(len(store.with_it(one.id, access.scope("enter"))))
    return render_template("other_withdraw.html", one=one, form=form)


def _refused() -> ResponseReturnValue:
    said = gettext(
        "It can't be withdrawn: its day is over and it is told, or somebody withdrew it before, or "
        "the citizen gave it by QR."
    )
    flash(said, "error")
    return redirect(url_for("other.index"), 303)
