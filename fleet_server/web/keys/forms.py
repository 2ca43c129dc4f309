"""The form of a new key."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from fleet_server.core.api_scopes import NEEDS, SCOPES, WHOLE_ONLY
from fleet_server.web import branch, words
from fleet_server.web.period import today
from fleet_server.web.signin import normalised_text

NAME_MAX = 64


class KeyForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """Who uses a key, for what, where and until when."""

    name = StringField(
        _("Name"),
        [
            InputRequired(_("Please write who will use it.")),
            Length(max=NAME_MAX, message=_("At most %(max)d characters.")),
        ],
        filters=[normalised_text],
    )
    scopes = SelectMultipleField(_("What it may do"))
    unit = SelectField(_("Where"), default="")
    expires = DateField(_("Last day"), [Optional()])

    def __init__(self, **more: Any) -> None:
        """Offer the scopes, and the units in which the person may make keys."""
        super().__init__(**more)
        self.scopes.choices = [SelectChoice(one, f"{one}: {words.SCOPES[one]}") for one in SCOPES]
        self.unit.choices = branch.choices("keys")

    def validate_name(self, field: StringField) -> None:
        """Refuse what can't be read."""
        if not (field.data or "").isprintable():
            raise ValidationError(_("Please write it on one line, without control characters."))

    def validate_scopes(self, field: SelectMultipleField) -> None:
        """Refuse none, and those that don't fit together or there."""
        chosen = set(field.data or ())
        if not chosen:
            raise ValidationError(_("Please choose what it may do."))
        for scope, needed in NEEDS.items():
            if scope in chosen and needed not in chosen:
                raise ValidationError(
                    _("%(scope)s needs %(needed)s as well.", scope=scope, needed=needed)
                )
        if self.unit.data and chosen & WHOLE_ONLY:
            raise ValidationError(_("metrics:read is for keys of the whole fleet only."))

    def validate_expires(self, field: DateField) -> None:
        """Refuse a day that is over."""
        if field.data is not None and not today() <= field.data < date(9999, 1, 1):
            raise ValidationError(_("This day is over, or too far away."))
