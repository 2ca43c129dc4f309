"""The form of a new rollout."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, ValidationError

from fleet_server.core.rollout import shares
from fleet_server.store.bundles import Held
from fleet_server.web import branch
from fleet_server.web.numbers import WholeField

HOUR_MS = 3_600_000
LONGEST_H = 24 * 30


class RolloutForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """What is brought to whom, and in which rings."""

    bundle = SelectField(_("Version"))
    unit = SelectField(_("Where"), default="")
    first = SelectField(_("First ring: a unit of its own"), default="")
    percents = StringField(
        _("Rings, per cent of the terminals in all"), [InputRequired()], default="5, 25, 100"
    )
    automatic = BooleanField(_("Begin the next ring by itself when one went well"))
    soak_h = WholeField(
        _("Hours to wait before it"), [InputRequired(), NumberRange(0, LONGEST_H)], default=24
    )

    def __init__(self, bundles: list[Held], **more: Any) -> None:
        """Offer the bundles, and the branches whose terminals the person may command."""
        super().__init__(**more)
        self.bundle.choices = [SelectChoice(one.sha256, one.version) for one in bundles]
        self.unit.choices = branch.choices("command")
        units = [SelectChoice(*one) for one in branch.units("command")]
        self.first.choices = [SelectChoice("", gettext("none")), *units]

    def validate_percents(self, field: StringField) -> None:
        """Refuse what does not grow to 100."""
        try:
            self.rings = shares([int(one) for one in field.data.split(",")])
        except ValueError:
            message = _("Write growing whole numbers with commas, the last 100: 5, 25, 100.")
            raise ValidationError(message) from None
