"""The template of documents: which holds, what it may name, another one, the standard one again."""

from collections.abc import Iterator

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField

from fleet_server.reports.examining import examine
from fleet_server.reports.fields import FIELDS, Shape
from fleet_server.reports.formats import FORMATS
from fleet_server.reports.standard import standard
from fleet_server.store import report_templates as store
from fleet_server.store.database import writing
from fleet_server.store.editing import Stale
from fleet_server.web import access, numbers
from fleet_server.web.access import allow
from fleet_server.web.lists import attached
from fleet_server.web.words.report_templates import told

blueprint = Blueprint("report_templates", __name__, template_folder=".")

NAME_MAX = 100


class TemplateForm(FlaskForm):  # type: ignore[misc]  # the library brings no types
    """A template to be examined and taken."""

    file = FileField(lazy_gettext("File"), [FileRequired(lazy_gettext("Please choose a file."))])
    seen = HiddenField()


class BackForm(FlaskForm):  # type: ignore[misc]  # the library brings no types
    """The wish that the standard template hold again."""

    seen = HiddenField()


@blueprint.get("/settings/templates")
@allow("setup")
def index() -> str:
    """Show the versions, the fields, and the form for another."""
    return _page(TemplateForm(formdata=None))


@blueprint.post("/settings/templates")
@allow("settings")
def send() -> ResponseReturnValue:
    """Take a template, if nothing is wrong with it; else say all that is."""
    access.demand("settings", None)
    form = TemplateForm()
    if not form.validate():
        return _page(form), 422
    data, name = form.file.data.read(), form.file.data.filename
    wrong = examine(data)
    if wrong:
        form.file.errors = [told(one) for one in wrong[:1]]
        return _page(form, [told(one) for one in wrong]), 422
    shown = "".join(one for one in name if one.isprintable())[-NAME_MAX:]
    return _add(form.seen.data, shown, data)


@blueprint.post("/settings/templates/standard")
@allow("settings")
def give_back() -> ResponseReturnValue:
    """Let the standard template hold again."""
    access.demand("settings", None)
    form = BackForm()
    return _add(form.seen.data, "", None) if form.validate() else abort(400)


def _add(seen: str, name: str, data: bytes | None) -> ResponseReturnValue:
    try:
        with writing():
            store.add(numbers.seen(seen), name, data, actor=access.actor(), now=g.now)
    except Stale:
        flash(_("Somebody else has set a template meanwhile; look at it first."), "error")
        return _page(TemplateForm(formdata=None)), 409
    flash(_("This template holds from now on."), "success")
    return redirect(url_for("report_templates.index"), 303)


@blueprint.get("/settings/templates/<int:version>.docx")
@allow("setup")
def file(version: int) -> Response:
    """Return a version to be changed; 0 is the standard one."""
    data = store.file(version) if version else standard()
    if data is None:
        abort(404)
    return attached(data, FORMATS["docx"].media, f"hailong-template-{version}.docx")


def _page(form: TemplateForm, wrong: list[str] | None = None) -> str:
    held = store.history()
    newest = str(store.newest())
    form.seen.data = form.seen.raw_data = newest
    return render_template(
        "templates.html",
        form=form,
        back=BackForm(formdata=None, data={"seen": newest}),
        wrong=wrong or [],
        history=held,
        own=bool(held) and held[0].digest is not None,
        may_edit=access.scope("settings").units is None,
        fields=list(_written("", FIELDS)),
    )


def _written(name: str, shape: Shape) -> Iterator[str]:
    """Yield fields as a template names them; of a list, as a loop over it does."""
    if isinstance(shape, str):
        yield name
    elif isinstance(shape, list):
        yield f"{name}[]"
        yield from (one for one in _written(f"{name}[]", shape[0]) if one != f"{name}[]")
    else:
        for part, inner in shape.items():
            yield from _written(f"{name}.{part}" if name else part, inner)
