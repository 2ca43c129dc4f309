"""Lists of units, counters and terminals: sent, looked at, and only then taken; and given out."""

from dataclasses import dataclass

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from fleet_server.core.roles import Scope
from fleet_server.core.tree import TreeError
from fleet_server.core.tree_import.plan import Fleet, Plan, Reach
from fleet_server.core.tree_import.vocabulary import SUBJECTS
from fleet_server.sheets.errors import SheetError
from fleet_server.sheets.writing import csv_bytes, xlsx_bytes
from fleet_server.store.database import writing
from fleet_server.store.edits import drafts
from fleet_server.store.edits.drafts import Draft
from fleet_server.tree_import import Changed, carry_out, exported, planned, sheets, source_of
from fleet_server.web import access, address, lists
from fleet_server.web.access import allow
from fleet_server.web.services import services
from fleet_server.web.tree.blueprint import blueprint
from fleet_server.web.tree.forms import ImportForm
from fleet_server.web.words.tree import refusal, trouble

SHOWN = 200
"""Rows of changes or of problems on a page."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A list that was sent, and what it would do."""

    draft: Draft
    plan: Plan


def _reach() -> Reach:
    tree = access.tree()

    def codes(scope: Scope) -> frozenset[str] | None:
        if scope.units is None:
            return None
        return frozenset(one.code for one in tree if scope.covers(one.id))

    return Reach(codes(access.scope("tree")), codes(access.scope("enrol")))


@blueprint.get("/import")
@allow("enrol")
def import_list() -> ResponseReturnValue:
    """Ask for a list, or show what the one that was sent would do."""
    token = request.args.get("list")
    if not token:
        return _page(ImportForm())
    draft = drafts.find(access.actor(), token, g.now)
    if draft is None:
        flash(gettext("This list is no longer kept here. Please send it again."), "error")
        return redirect(url_for("tree.import_list"), 303)
    with lists.alone():
        plan = planned(draft.content, draft.name, _reach())
    return _page(ImportForm(), Preview(draft, plan))


@blueprint.post("/import")
@allow("enrol")
def send_list() -> ResponseReturnValue:
    """Take a list in, and lead to what it would do; nothing is changed."""
    form = ImportForm()
    if not form.validate():
        return _page(form), 422
    content, name = lists.received(form.file.data)
    try:
        with lists.alone():
            planned(content, name, _reach())
    except SheetError as error:
        form.file.errors = [trouble(error)]
        return _page(form), 422
    token = drafts.keep(access.actor(), name, content, g.now)
    return redirect(url_for("tree.import_list", list=token), 303)


@blueprint.post("/import/apply")
@allow("enrol")
def apply_list() -> ResponseReturnValue:
    """Do what was looked at, all of it, unless it is another plan by now."""
    token = request.form.get("list", "")
    draft = drafts.find(access.actor(), token, g.now)
    if draft is None:
        flash(gettext("This list is no longer kept here. Please send it again."), "error")
        return redirect(url_for("tree.import_list"), 303)
    zone = services().settings.fleet.zone
    source = source_of(draft.name, draft.content, g.now, zone, access.actor())
    try:
        with lists.alone():
            plan = carry_out(draft.content, source, request.form.get("plan", ""), _reach())
    except Changed:
        flash(
            gettext(
                "Somebody changed the tree since you looked, so nothing was done. Below is what "
                "the list would do now."
            ),
            "error",
        )
        return redirect(url_for("tree.import_list", list=token), 303)
    except TreeError as error:
        flash(refusal(error), "error")
        return redirect(url_for("tree.import_list", list=token), 303)
    with writing():
        drafts.drop(access.actor(), g.now)
    flash(gettext("Done: %(num)s changes were made.", num=len(plan.steps)), "success")
    return redirect(url_for("tree.index" if access.can("setup") else "tree.import_list"), 303)


def _page(form: ImportForm, preview: Preview | None = None) -> str:
    return render_template(
        "tree_import.html",
        form=form,
        preview=preview,
        start=address.start(),
        size=SHOWN,
        SUBJECTS=SUBJECTS,
    )


@blueprint.get("/list.xlsx")
@allow("export")
def export_workbook() -> Response:
    """Give out what is there as a workbook, in the form in which it can be imported."""
    fleet = exported(g.now, access.actor(), access.scope("export"))
    return lists.attached(
        xlsx_bytes(sheets(fleet, lists.spoken())), lists.XLSX, "hailong-tree.xlsx"
    )


@blueprint.get("/list/<subject>.csv")
@allow("export")
def export_csv(subject: str) -> Response:
    """Give out the units, the counters or the terminals as CSV."""
    if subject not in SUBJECTS:
        abort(404)
    fleet = exported(g.now, access.actor(), access.scope("export"))
    sheet = sheets(fleet, lists.spoken())[SUBJECTS.index(subject)]
    return lists.attached(csv_bytes(sheet), lists.CSV, f"hailong-{subject}.csv")


@blueprint.get("/pattern.xlsx")
@allow("enrol")
def pattern() -> Response:
    """Give out a workbook with nothing but the headings."""
    nothing = Fleet({"units": {}, "counters": {}, "terminals": {}})
    return lists.attached(
        xlsx_bytes(sheets(nothing, lists.spoken())), lists.XLSX, "hailong-tree-empty.xlsx"
    )
