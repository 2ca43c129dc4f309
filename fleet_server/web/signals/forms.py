"""The form of a ruling on a signal."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

MOST = 2_000
"""Characters of a reason."""


class RulingForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """What a person makes of a signal, and why."""

    verdict = RadioField(
        _("Ruling"),
        [InputRequired(_("Choose one."))],
        choices=[
            SelectChoice("upheld", _("Upheld: somebody bent the figures")),
            SelectChoice("dismissed", _("Dismissed: something else explains it")),
        ],
    )
    why = TextAreaField(
        _("Why: what was looked at, and what was found"),
        [
            InputRequired(_("Write what was found: a ruling without a reason is none.")),
            Length(max=MOST, message=_("At most %(max)s characters.")),
        ],
    )
    seen = HiddenField()

    def validate_why(self, field: Any) -> None:
        """Refuse a reason that is blank."""
        if not field.data.strip():
            raise ValidationError(_("Write what was found: a ruling without a reason is none."))

    @property
    def known(self) -> int:
        """How many rulings the page showed; -1 for nonsense."""
        text = str(self.seen.data)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
