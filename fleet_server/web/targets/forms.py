"""The form of a new version of targets."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from fleet_server.core.targets import Goal
from fleet_server.web.numbers import WholeField, seen

_SHARE = NumberRange(0, 100, _("Give a whole number from 0 to 100."))


class TargetForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """What should be reached, from which day on."""

    participation = WholeField(_("Participation, per cent of the served"), [Optional(), _SHARE])
    satisfaction = WholeField(_("Satisfaction, per cent of the ratings"), [Optional(), _SHARE])
    give_back = BooleanField(_("No target of its own: what holds above it holds again"))
    since = DateField(_("From"), [InputRequired(_("Give a day, such as 2026-11-22."))])
    seen = HiddenField()

    def __init__(self, today: date, whole: bool, *args: Any, **more: Any) -> None:
        """Take the running day, before which nothing may begin, and whether it is the fleet's."""
        super().__init__(*args, **more)
        self._today, self._whole = today, whole
        if whole:
            self.participation.flags.required = self.satisfaction.flags.required = True

    def validate(self, extra_validators: Any = None) -> bool:
        """Also want both shares, unless they are given back."""
        valid = bool(super().validate(extra_validators))
        for field in (self.participation, self.satisfaction):
            if field.data is None and not field.errors and not self._gives_back:
                field.errors, valid = [_("Give a whole number from 0 to 100.")], False
        return valid

    def validate_since(self, field: Any) -> None:
        """Refuse a day that is over."""
        if field.data is not None and field.data < self._today:
            raise ValidationError(_("Days that are over keep their target; choose today or later."))

    @property
    def _gives_back(self) -> bool:
        return bool(self.give_back.data) and not self._whole

    @property
    def goal(self) -> Goal | None:
        """What is to hold; None where it is given back."""
        if self._gives_back:
            return None
        return Goal(int(self.participation.data), int(self.satisfaction.data))

    @property
    def version(self) -> int:
        """The newest version that the page showed; -1, which none has, for nonsense."""
        return seen(self.seen.data)
