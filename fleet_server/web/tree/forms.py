"""The forms of the tree: what may be typed, and what is said beside it if it can't be taken."""

import unicodedata
from collections.abc import Iterable
from datetime import date

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from fleet_server.core.tree import KINDS, Tree
from fleet_server.core.tree_import.wanted import NAME_MAX, NOTE_MAX
from fleet_server.web import branch
from fleet_server.web.numbers import WholeField
from fleet_server.web.words.tree import KINDS as KIND_WORDS
from fleet_server.web.words.tree import PROBLEMS
from wire.errors import WireError
from wire.ids import COUNTER_CODE, check_terminal_id

REASON_MAX = 200
DAYS_AHEAD = 366

_NEEDED = DataRequired(_("Please fill this in."))
_DAY = _("Please choose a day.")


def tidy(value: str | None) -> str:
    """Return a typed text composed, without what is invisible around it."""
    return unicodedata.normalize("NFC", value or "").strip()


def _on_one_line(_form: FlaskForm, field: StringField) -> None:
    if not (field.data or "").isprintable():
        raise ValidationError(_("Please write it on one line, without control characters."))


def _terminal_id(_form: FlaskForm, field: StringField) -> None:
    try:
        check_terminal_id(field.data or "")
    except WireError:
        raise ValidationError(PROBLEMS["terminal_id"]) from None


def _text(label: object, longest: int, *, needed: bool = True) -> StringField:
    first = [_NEEDED] if needed else [Optional()]
    limit = Length(max=longest, message=_("At most %(max)d characters."))
    return StringField(label, [*first, limit, _on_one_line], filters=[tidy])


def _code(label: object, *, needed: bool = True) -> StringField:
    first = [_NEEDED] if needed else [Optional()]
    rule = Regexp(f"^{COUNTER_CODE.pattern}$", message=PROBLEMS["code"])
    return StringField(label, [*first, rule], filters=[tidy])


def _choice(
    label: object, choices: list[SelectChoice] | None = None, *, needed: bool = True
) -> SelectField:
    said = _("Please choose one of the list.")
    if choices is not None:
        choices = [SelectChoice("", _("Please choose")), *choices]
    rules = [InputRequired(said)] if needed else []
    return SelectField(label, rules, choices=choices, invalid_choice_message=said)


class Day(DateField):  # type: ignore[misc]  # the library brings no types
    """A day; its own error is in no Vietnamese catalogue."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, or say what one looks like."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("This is no day such as 2026-11-22.")) from None


class EditForm(FlaskForm):  # type: ignore[misc]  # the library brings no types
    """A form about something that is there; ``version`` is the one that was read."""

    version = HiddenField()

    def read(self) -> int:
        """Return the version that was read; one that is none is an old one."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class UnitForm(EditForm):
    """A unit: its code, name and kind."""

    code = _code(_("Code"))
    name = _text(_("Name"), NAME_MAX)
    kind = _choice(_("Kind"), [SelectChoice(kind, KIND_WORDS[kind]) for kind in KINDS])


class NewUnitForm(UnitForm):
    """A unit that is to be added."""

    parent = _choice(_("Lies in"), needed=False)


class NewCounterForm(EditForm):
    """A counter that is to be added."""

    code = _code(_("Code"))
    name = _text(_("Name"), NAME_MAX)
    unit = _choice(_("Unit"))


class CounterForm(EditForm):
    """A counter's name; its code stays."""

    name = _text(_("Name"), NAME_MAX)


class MoveUnitForm(EditForm):
    """Where a unit lies from today on."""

    parent = _choice(_("Lies in"), needed=False)


class MoveCounterForm(EditForm):
    """Where a counter lies, and from when."""

    unit = _choice(_("Unit"))
    day = Day(_("From"), [InputRequired(_DAY)])


class CloseForm(EditForm):
    """The first day on which something is no longer there."""

    day = Day(_("Closed from"), [InputRequired(_DAY)])

    latest: date
    """How far ahead it may lie."""

    def validate_day(self, field: DateField) -> None:
        """Refuse a day that is out of reach."""
        if field.data and not date(2000, 1, 1) <= field.data <= self.latest:
            raise ValidationError(_("Please choose a day within a year from now."))


class TerminalPlaceForm(EditForm):
    """Where a terminal is: at a counter, or in a unit's store."""

    counter = _code(_("Counter code"), needed=False)
    unit = _choice(_("Or kept by"), needed=False)

    def validate_unit(self, field: SelectField) -> None:
        """Refuse two places at once, and none."""
        if bool(self.counter.data) == bool(field.data):
            raise ValidationError(
                _("Please give a counter's code or choose the unit that keeps it, one of both.")
            )


class NewTerminalForm(TerminalPlaceForm):
    """A terminal that is to be added."""

    terminal = StringField(_("Terminal id"), [_NEEDED, _terminal_id], filters=[tidy])
    note = _text(_("Note"), NOTE_MAX, needed=False)


class NoteForm(EditForm):
    """What people should know of a terminal."""

    note = _text(_("Note"), NOTE_MAX, needed=False)


class RetireForm(EditForm):
    """Why a terminal goes out of use."""

    reason = _text(_("Reason"), REASON_MAX)
    sure = HiddenField()


class ReplaceForm(EditForm):
    """Which terminal takes another's place, and what became of that one."""

    terminal = StringField(_("Id of the new terminal"), [_NEEDED, _terminal_id], filters=[tidy])
    former = _choice(
        _("What became of the old one"),
        [
            SelectChoice("here", _("It is broken, and in our hands")),
            SelectChoice("lost", _("It is lost or stolen")),
        ],
    )
    sure = HiddenField()


class InvitationForm(FlaskForm):  # type: ignore[misc]  # the library brings no types
    """How long an enrolment file is of use."""

    days = WholeField(
        _("Valid for days"),
        [
            InputRequired(_("Please give a number of days.")),
            NumberRange(1, 365, _("From 1 to 365.")),
        ],
        default=14,
    )


class ImportForm(FlaskForm):  # type: ignore[misc]  # the library brings no types
    """A list to look at before anything is taken from it."""

    file = FileField(_("File"), [FileRequired(_("Please choose a file."))])


def unit_choices(
    tree: Tree,
    within: Iterable[int],
    *,
    without: frozenset[int] = frozenset(),
    empty: object = None,
) -> list[SelectChoice]:
    """Return open units to choose from, indented as they lie in each other.

    Args:
        tree: the units.
        within: ids of those that may be chosen.
        without: ids of those that may not.
        empty: what stands first, for none of them; None where one must be chosen.
    """
    allowed = frozenset(within) - without
    found = [SelectChoice("", _("Please choose") if empty is None else empty)]
    open_ones = (unit for unit in tree if unit.id in allowed and unit.closed is None)
    listed = branch.indented(tree, open_ones)
    return found + [SelectChoice(code, f"{name} · {code}") for code, name in listed]
