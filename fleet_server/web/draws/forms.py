"""The form of what the witness of a draw said."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length, ValidationError

from fleet_server.core.draw_witness import FormError, check_word, form_of
from fleet_server.web.signin import normalised_text

_WRITTEN = _(
    "Please write it like %(form)s: 9 is a digit, A a capital letter, all else stands for itself."
)


class WitnessForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """A public value that nobody knew when the list was sealed."""

    witnessed = StringField(
        _("What it was"), [DataRequired(), Length(max=200)], filters=[normalised_text]
    )

    def __init__(self, sealed: str, **more: Any) -> None:
        """Keep the witness as it was sealed, which says how its word is written."""
        super().__init__(**more)
        self._sealed = sealed

    def validate_witnessed(self, field: StringField) -> None:
        """Refuse what can't stand on a line, or is not written as the witness was sealed."""
        said = field.data or ""
        if not said.isprintable():
            raise ValidationError(_("Please write it on one line, without control characters."))
        try:
            check_word(self._sealed, said)
        except FormError:
            raise ValidationError(_WRITTEN % {"form": form_of(self._sealed)}) from None
