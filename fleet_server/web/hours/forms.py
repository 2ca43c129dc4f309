"""The forms of the opening hours."""

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from fleet_server.core.opening import HoursError, Week, days_from, read_spans, write_spans

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _said(error: HoursError) -> str:
    words: dict[str, str] = {
        "form": gettext("Please write spans such as 7:30-11:30, 13:00-17:00."),
        "order": gettext("Each span must end after it begins, and before the next one."),
        "many": gettext("At most 6 spans a day, please."),
    }
    return words[error.why]


def _hours(_form: Any, field: Field) -> None:
    try:
        read_spans(field.data or "")
    except HoursError as error:
        raise ValidationError(_said(error)) from None


def _day(label: Any) -> StringField:
    return StringField(label, [Optional(), Length(max=120), _hours])


class VersionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """A form that knows the version which it edits."""

    version = HiddenField()

    @property
    def held(self) -> int:
        """The version that was read; one that nobody has where it can't be read."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


class WeekForm(VersionForm):
    """The hours of a week, from a day on."""

    own = BooleanField(_("It has hours of its own"))
    mon = _day(_("Monday"))
    tue = _day(_("Tuesday"))
    wed = _day(_("Wednesday"))
    thu = _day(_("Thursday"))
    fri = _day(_("Friday"))
    sat = _day(_("Saturday"))
    sun = _day(_("Sunday"))
    since = DateField(_("From"), [InputRequired(_("Please give a day."))])

    def __init__(self, today: date, **more: Any) -> None:
        """Know today: what was, stays."""
        super().__init__(**more)
        self._today = today

    def validate_since(self, field: Field) -> None:
        """Refuse a day that is over, by which past days would be judged anew."""
        if field.data is not None and field.data < self._today:
            raise ValidationError(gettext("Not before today: what was judged before, stays."))

    def week(self) -> Week | None:
        """Return what was typed; None where it is to inherit."""
        if not self.own.data:
            return None
        return Week(tuple(read_spans(self[name].data or "") for name in DAYS))

    @staticmethod
    def of(week: Week, own: bool, version: int, today: date) -> dict[str, Any]:
        """Return what the form shows at first."""
        days = {name: write_spans(week.spans(n)) for n, name in enumerate(DAYS)}
        return {**days, "own": own, "version": str(version), "since": today}


class DayForm(VersionForm):
    """A day, or several in a row, that are not as their weekdays."""

    version = HiddenField(id="day-version")

    first = DateField(_("First day"), [InputRequired(_("Please give a day."))])
    last = DateField(_("Last day"), [Optional()])
    name = StringField(
        _("What it is called"), [InputRequired(_("Please give it a name.")), Length(max=80)]
    )
    hours = StringField(_("Open at"), [Optional(), Length(max=120), _hours])

    def validate_last(self, field: Field) -> None:
        """Refuse what is no span of days."""
        if self.first.data is not None and field.data is not None:
            try:
                days_from(self.first.data.isoformat(), field.data.isoformat())
            except ValueError:
                raise ValidationError(
                    gettext("The last day must be the first or later, by a year at most.")
                ) from None

    def days(self) -> list[str]:
        """Return the days."""
        first = self.first.data.isoformat()
        return days_from(first, self.last.data.isoformat() if self.last.data else first)
