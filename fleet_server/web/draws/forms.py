"""The form of what the witness of a draw said."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length, ValidationError

from fleet_server.web.signin import normalised_text


class WitnessForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """A public value that nobody knew when the list was sealed."""

    witnessed = StringField(
        _("What it was"), [DataRequired(), Length(max=200)], filters=[normalised_text]
    )

    def validate_witnessed(self, field: StringField) -> None:
        """Refuse what can't stand on a line."""
        if not (field.data or "").isprintable():
            raise ValidationError(_("Please write it on one line, without control characters."))
