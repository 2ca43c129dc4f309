"""Everything that a person should look at, and closing it with a note."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user

from fleet_server.store.pages import matters as store
from fleet_server.web import access
from fleet_server.web.access import allow

NOTE_MAX = 500

blueprint = Blueprint("matters", __name__, template_folder=".")


@blueprint.get("/matters")
@allow("matters")
def index() -> str:
    """Show open or closed matters, of all kinds or one."""
    closed = request.args.get("show") == "closed"
    kind = request.args.get("kind") or None
    terminal = request.args.get("terminal") or None
    scope = access.scope("matters")
    return render_template(
        "matters.html",
        matters=store.matters(closed, kind, terminal, scope),
        counts=store.counts(closed, scope),
        closed=closed,
        kind=kind,
        terminal=terminal,
        limit=store.LIST_LIMIT,
        devices=access.scope("fleet"),
        subjects=["matter"],
    )


@blueprint.get("/matters/<int:matter_id>")
@allow("matters")
def one(matter_id: int) -> str:
    """Show one matter: what it means, what to do, its details."""
    matter = store.matter(matter_id)
    if matter is None or not matter.concerns(access.scope("matters")):
        abort(404)
    return render_template(
        "matter.html",
        matter=matter,
        may_close=access.scope("close").covers(matter.unit),
        devices=access.scope("fleet"),
        note_max=NOTE_MAX,
        subjects=["matter"],
    )


@blueprint.post("/matters/<int:matter_id>/close")
@allow("close")
def close(matter_id: int) -> ResponseReturnValue:
    """Close a matter with a note; closing it twice changes nothing.

    It is closed by who looks after its terminal; others whom it concerns only see it.
    """
    note = request.form.get("note", "").strip()
    matter = store.matter(matter_id)
    if matter is None:
        abort(404)
    access.demand("close", matter.unit)
    if not 0 < len(note) <= NOTE_MAX:
        flash(
            gettext(
                "Please write what was found or done, in at most %(max)s characters.", max=NOTE_MAX
            ),
            "error",
        )
    elif store.close(matter_id, current_user.email, note, g.now):
        flash(gettext("The matter is closed."), "success")
    else:
        flash(gettext("Somebody else had closed this matter already."), "error")
    return redirect(url_for("matters.one", matter_id=matter_id), 303)
