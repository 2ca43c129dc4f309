"""Every piece that pages are made of, in every state, on pages of their own: for the checks."""

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, render_template, request
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from fleet_server.web.access import allow
from fleet_server.web.address import Order, asked_order
from tests.fakes.pages import Example, shown

GALLERY: tuple[Example, ...] = shown(
    "/gallery/form",
    "/gallery/form?wrong=1",
    "/gallery/stale",
    "/gallery/list?sort=-served&unit=P1&q=hai&start=20",
    "/gallery/list?cursor=x",
    "/gallery/figures",
    "/gallery/confirm",
)

blueprint = Blueprint(
    "gallery",
    __name__,
    url_prefix="/gallery",
    template_folder=str(Path(__file__).parent / "templates"),
)


class Kinds(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """A field of each kind."""

    version = HiddenField()
    name = StringField(
        _("Name"), [InputRequired(), Length(max=5)], description=_("As on its door.")
    )
    password = PasswordField(_("Password"))
    number = IntegerField(_("Number"), [InputRequired(), NumberRange(1, 9)])
    day = DateField(_("Day"), [InputRequired()])
    unit = SelectField(_("Unit"), choices=[SelectChoice("1", "UBND"), SelectChoice("2", "TTHC")])
    note = TextAreaField(_("Note"), [InputRequired()])
    roles = SelectMultipleField(
        _("Role"),
        [InputRequired()],
        choices=[SelectChoice(one, one.upper()) for one in "abc"],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    one = RadioField(
        _("Kind"), [InputRequired()], choices=[SelectChoice("x", "X"), SelectChoice("y", "Y")]
    )
    active = BooleanField(_("Working"), [InputRequired()])
    file = FileField(_("File"), [InputRequired()])


@dataclass
class Row:
    """A line of the list."""

    name: str
    served: int


@dataclass
class Shown:
    """Choices of a counter."""

    very_satisfied: int = 1234
    satisfied: int = 56
    unsatisfied: int = 7
    total: int = 1297


@blueprint.get("/form")
@allow("person")
def form() -> str:
    """Show a form, empty or wrong."""
    wrong = MultiDict({"name": "much too long", "number": "x", "day": "31/31"})
    held = Kinds(wrong if request.args.get("wrong") else None, meta={"csrf": False})
    if request.args.get("wrong"):
        held.validate()
    return render_template("gallery_form.html", form=held, stale=None)


@blueprint.get("/stale")
@allow("person")
def stale() -> str:
    """Show a form that somebody else overtook."""
    held = Kinds(MultiDict({"name": "Hải"}), meta={"csrf": False})
    return render_template("gallery_form.html", form=held, stale=[("Name", "Hà", "Hải")])


@blueprint.get("/list")
@allow("person")
def listed() -> str:
    """Show a list with filters, order and pages."""
    order = asked_order(["name", "served"], Order("name"))
    rows = [Row(f"Quầy {number}", number * 1000) for number in range(20)]
    return render_template("gallery_list.html", order=order, rows=rows)


@blueprint.get("/figures")
@allow("person")
def figures() -> str:
    """Show figures, marks and states."""
    return render_template("gallery_figures.html", shown=Shown())


@blueprint.get("/confirm")
@allow("person")
def confirm() -> str:
    """Show the page that asks once more."""
    return render_template(
        "confirm.html",
        title="Retire terminal p1-01-t1?",
        question="Its records stay.",
        consequences=["It takes no ratings any more.", "Its key is revoked."],
        action="/gallery/confirm",
        submit="Retire",
        cancel="/",
        fields={"version": 3},
    )


def add_gallery(app: Flask) -> None:
    """Add the gallery's pages to an app."""
    app.register_blueprint(blueprint)
