"""The forms of a scale of index scores, and of what people enter for its indexes."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from fleet_server.core.scores import Class, Entered, Index, Reason, Scale, ScaleError, Source
from fleet_server.reports.scores import CLASSES
from fleet_server.web.numbers import WholeField

BLANK = 2
"""Rows for further indexes that a form shows."""

MOST_INDEXES = 30
SOURCES: Mapping[Source, LazyString] = {
    "entered": _("people enter it"),
    "attitude": _("answers on attitude in interviews"),
    "satisfaction": _("ratings at terminals"),
    "explained": _("cases explained in time"),
    "participation": _("served who rated"),
}
"""Where an index comes from."""

_FAULTS: Mapping[Reason, LazyString] = {
    "limits": _("Limits are per cents, the one of one point not above the one of two."),
    "nothing": _("Where choices are counted, nothing to count is worth no points."),
    "indexes": _("A scale has indexes, and each name stands once."),
    "classes": _("Classes go down, and the best one can be reached."),
    "weight": _("Satisfaction weighs 0 to 100 of 100."),
    "least": _("Shares of fewer than five are not told."),
}
_NUMBER = _("Give a whole number.")


def _whole(label: LazyString, low: int, high: int) -> WholeField:
    return WholeField(label, [InputRequired(_NUMBER), NumberRange(low, high, _NUMBER)])


class IndexForm(Form):  # type: ignore[misc]  # WTForms brings no types
    """One index; a row without a name is none."""

    key = StringField(
        _("Name"),
        [Optional(), Regexp(r"^[a-z][a-z0-9_]{0,31}$", message=_("a-z, 0-9 and _, at most 32."))],
    )
    vi = StringField(_("In Vietnamese"), [Length(max=200)])
    en = StringField(_("In English"), [Length(max=200)])
    source = SelectField(
        _("Comes from"), choices=[SelectChoice(name, label) for name, label in SOURCES.items()]
    )
    full = WholeField(_("Two points from, in per cent"), [Optional(), NumberRange(0, 100, _NUMBER)])
    half = WholeField(_("One point from, in per cent"), [Optional(), NumberRange(0, 100, _NUMBER)])
    of_nothing = SelectField(
        _("Nothing to count"),
        choices=[
            SelectChoice("", _("not scored")),
            SelectChoice("0", "0"),
            SelectChoice("1", "1"),
            SelectChoice("2", "2"),
        ],
    )

    def index(self) -> Index:
        """Return what was typed.

        Raises:
            ScaleError: it can't be used.
        """
        said = {"vi": self.vi.data, "en": self.en.data}
        return Index(
            self.key.data,
            {language: words.strip() for language, words in said.items() if words},
            cast(Source, self.source.data),
            _or(self.full.data, 100),
            _or(self.half.data, 100),
            int(self.of_nothing.data) if self.of_nothing.data else None,
        )


def _or(value: int | None, usual: int) -> int:
    return usual if value is None else value


class ScaleForm(FlaskForm):  # type: ignore[misc]  # the library brings no types
    """A new version of the scale."""

    since = DateField(_("From"), [InputRequired(_("Give a day, such as 2026-11-22."))])
    indexes = FieldList(FormField(IndexForm), max_entries=MOST_INDEXES)
    excellent = _whole(CLASSES["excellent"], 0, 2 * MOST_INDEXES)
    good = _whole(CLASSES["good"], 0, 2 * MOST_INDEXES)
    fair = _whole(CLASSES["fair"], 0, 2 * MOST_INDEXES)
    average = _whole(CLASSES["average"], 0, 2 * MOST_INDEXES)
    weight = _whole(_("Satisfaction weighs, of 100"), 0, 100)
    least = _whole(_("Shares of fewer choices are not scored"), 0, 10_000)
    seen = HiddenField()

    def __init__(self, today: date, *args: Any, **more: Any) -> None:
        """Take the running day, before which nothing may begin."""
        super().__init__(*args, **more)
        self._today = today

    def validate_since(self, field: Any) -> None:
        """Refuse a day that is over."""
        if field.data is not None and field.data < self._today:
            raise ValidationError(_("Days that are over keep their scale; choose today or later."))

    def scale(self) -> Scale | None:
        """Return the scale that was typed; None, with the error said, if it can't be used."""
        try:
            return Scale(
                0,
                self.since.data.isoformat(),
                tuple(one.form.index() for one in self.indexes if one.form.key.data),
                tuple(self._classes()),
                self.weight.data,
                self.least.data,
            )
        except ScaleError as error:
            self.form_errors.append(_FAULTS[error.reason])
            return None

    def _classes(self) -> Iterator[Class]:
        *limited, last = CLASSES
        for key in limited:
            yield Class(key, self[key].data)
        yield Class(last, 0)


def filled(scale: Scale, seen: int, today: date) -> dict[str, Any]:
    """Return what the form of a new version begins with: the one that came last."""
    rows = [
        {
            "key": one.key,
            "vi": one.words.get("vi", ""),
            "en": one.words.get("en", ""),
            "source": one.source,
            "full": one.full,
            "half": one.half,
            "of_nothing": "" if one.of_nothing is None else str(one.of_nothing),
        }
        for one in scale.indexes
    ]
    more: list[dict[str, Any]] = [{} for _number in range(BLANK)]
    limits = {one.key: one.least for one in scale.classes}
    return {
        "since": today,
        "indexes": [*rows, *more],
        "weight": scale.weight,
        "least": scale.least,
        "seen": str(seen),
        **limits,
    }


class EntryForm(FlaskForm):  # type: ignore[misc]  # the library brings no types
    """What is entered for one index of a branch and a period."""

    two = _whole(_("Dossiers with two points"), 0, 100_000_000)
    one = _whole(_("Dossiers with one point"), 0, 100_000_000)
    none = _whole(_("Dossiers with none"), 0, 100_000_000)
    reason = StringField(
        _("Where it comes from"),
        [InputRequired(_("Say where the numbers come from.")), Length(max=300)],
    )

    def entered(self, by: str) -> Entered:
        """Return what was typed, by whom."""
        return Entered(self.two.data, self.one.data, self.none.data, by)
