"""The forms of contact data: how somebody can be reached, and that they no longer agree."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, StringField
from wtforms.validators import InputRequired, ValidationError

from fleet_server.core.contacts import LONGEST, check_number
from fleet_server.web.signin import normalised_text
from wire.tickets import check_text

_NUMBER = _("Telephone number or mail address")
_SHOWN = _("Please write it on one line, in at most 100 characters.")


def _line(_form: FlaskForm, field: Any) -> None:
    try:
        check_text(field.data or "", LONGEST)
    except ValueError:
        raise ValidationError(_SHOWN) from None


class NumberForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """A number by which somebody can be reached."""

    number = StringField(_NUMBER, [InputRequired()], filters=[normalised_text])

    def validate_number(self, field: Any) -> None:
        """Refuse what nobody can be reached by."""
        try:
            check_number(field.data or "")
        except ValueError:
            raise ValidationError(_("Give a telephone number or mail address.")) from None


class ContactForm(NumberForm):
    """How the citizen of a ticket can be reached, if they agree."""

    counter = StringField(_("Code of the counter"), [InputRequired()], filters=[normalised_text])
    day = DateField(_("Day"), [InputRequired(_("Give a day, such as 2026-11-22."))])
    ticket = StringField(_("Number of the ticket"), [InputRequired()], filters=[normalised_text])
    name = StringField(_("What to call them"), [InputRequired(), _line], filters=[normalised_text])
    consent = BooleanField(_("They agreed to be asked how it was"))

    def validate_consent(self, field: Any) -> None:
        """Refuse contact data without consent."""
        if not field.data:
            raise ValidationError(_("Without their consent nothing may be kept."))


class WithdrawForm(NumberForm):
    """The number of somebody who no longer agrees; it stands on the page of the other form."""

    number = StringField(_NUMBER, [InputRequired()], filters=[normalised_text], id="withdrawn")
