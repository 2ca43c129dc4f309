"""Lists of ratings: sent, looked at, and only then taken as a whole."""

from dataclasses import dataclass

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from fleet_server.channels.lists import TakenAlready, Unreadable, looked_at, take
from fleet_server.core.channel_lists import HEADINGS, TITLE, Read
from fleet_server.core.channels import Known
from fleet_server.sheets.errors import SheetError
from fleet_server.sheets.writing import Sheet, xlsx_bytes
from fleet_server.store import unsigned
from fleet_server.store.database import writing
from fleet_server.store.edits import drafts
from fleet_server.store.edits.drafts import Draft
from fleet_server.web import access, address, language, lists
from fleet_server.web.access import allow
from fleet_server.web.other.blueprint import blueprint
from fleet_server.web.period import today
from fleet_server.web.services import services
from fleet_server.web.tree.forms import ImportForm
from fleet_server.web.words import channels as words
from fleet_server.web.words.tree import trouble

SHOWN = 100
"""Rows that are wrong, on a page."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A list that was sent, and what it says."""

    draft: Draft
    found: Read


@blueprint.get("/import")
@allow("enter")
def import_list() -> ResponseReturnValue:
    """Ask for a list, or show what the one that was sent says."""
    token = request.args.get("list")
    if not token:
        return _page(ImportForm())
    draft = drafts.find(access.actor(), token, g.now)
    if draft is None:
        return _gone()
    try:
        with lists.alone():
            found = looked_at(draft.content, draft.name, _known())
    except (SheetError, TakenAlready) as error:
        flash(_why(error), "error")
        return redirect(url_for("other.import_list"), 303)
    return _page(ImportForm(), Preview(draft, found))


@blueprint.post("/import")
@allow("enter")
def send_list() -> ResponseReturnValue:
    """Take a list in, and lead to what it says; no rating is taken."""
    form = ImportForm()
    if not form.validate():
        return _page(form), 422
    content, name = lists.received(form.file.data)
    try:
        with lists.alone():
            looked_at(content, name, _known())
    except (SheetError, TakenAlready) as error:
        form.file.errors = [_why(error)]
        return _page(form), 422
    token = drafts.keep(access.actor(), name, content, g.now)
    return redirect(url_for("other.import_list", list=token), 303)


@blueprint.post("/import/apply")
@allow("enter")
def apply_list() -> ResponseReturnValue:
    """Take all ratings of the list that was looked at, or none."""
    token = request.form.get("list", "")
    draft = drafts.find(access.actor(), token, g.now)
    if draft is None:
        return _gone()
    zone = services().settings.fleet.zone
    try:
        with lists.alone():
            count = take(draft.content, draft.name, _known(), access.actor(), g.now, zone)
    except (SheetError, TakenAlready) as error:
        flash(_why(error), "error")
        return redirect(url_for("other.import_list"), 303)
    except Unreadable:
        flash(gettext("Nothing was taken. Below is what is wrong by now."), "error")
        return redirect(url_for("other.import_list", list=token), 303)
    with writing():
        drafts.drop(access.actor(), g.now)
    flash(ngettext("%(num)s rating was taken.", "%(num)s ratings were taken.", count), "success")
    return redirect(url_for("other.index"), 303)


@blueprint.get("/pattern.xlsx")
@allow("enter")
def pattern() -> Response:
    """Give out a workbook with nothing but the headings."""
    spoken = lists.spoken()
    headings = [texts[spoken] for texts in HEADINGS.values()]
    content = xlsx_bytes([Sheet(TITLE[spoken], headings, [])])
    return lists.attached(content, lists.XLSX, "hailong-ratings-empty.xlsx")


def _known() -> Known:
    return unsigned.known(access.tree(), access.scope("enter"), today().isoformat())


def _why(error: SheetError | TakenAlready) -> str:
    if isinstance(error, TakenAlready):
        return words.taken_already(language.day(error.day), error.by)
    if error.trouble == "no_list":
        said = gettext("No sheet has headings that are known. They are:")
        return f"{said} {words.headings()}"
    return trouble(error)


def _gone() -> ResponseReturnValue:
    flash(gettext("This list is no longer kept here. Please send it again."), "error")
    return redirect(url_for("other.import_list"), 303)


def _page(form: ImportForm, preview: Preview | None = None) -> str:
    return render_template(
        "other_import.html",
        form=form,
        preview=preview,
        start=address.start(),
        size=SHOWN,
        faults=words.faults,
        headings=words.headings(),
    )
