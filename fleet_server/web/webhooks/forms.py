"""The form of a subscription."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from fleet_server.core.webhooks import SUBSCRIBABLE
from fleet_server.notify.targets import MAX_URL, TargetError, check, parsed
from fleet_server.store.webhooks import Listed, Wish
from fleet_server.web import branch, words
from fleet_server.web.services import services
from fleet_server.web.signin import normalised_text

NOTE_MAX = 200


class WebhookForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """Who wants to hear of what, and where from."""

    url = StringField(
        _("Address"), [InputRequired(_("Please give an address."))], filters=[normalised_text]
    )
    events = SelectMultipleField(
        _("Events"), [InputRequired(_("Please choose at least one event."))]
    )
    unit = SelectField(_("Where"), default="")
    note = StringField(
        _("Note"),
        [Length(max=NOTE_MAX, message=_("At most %(max)d characters."))],
        filters=[normalised_text],
    )
    active = BooleanField(_("Send events"), default=True)
    version = HiddenField(default="1")

    def __init__(self, **more: Any) -> None:
        """Offer the events, and the units in which the person may subscribe."""
        super().__init__(**more)
        self.events.choices = [SelectChoice(one, words.EVENTS[one]) for one in SUBSCRIBABLE]
        self.unit.choices = branch.choices("keys")

    def validate_url(self, field: StringField) -> None:
        """Refuse an address that can't be called."""
        if len(field.data or "") > MAX_URL:
            raise ValidationError(_("At most %(max)d characters.", max=MAX_URL))
        try:
            check(parsed(field.data or ""), services().settings.webhooks)
        except TargetError as error:
            raise ValidationError(words.TARGETS[error.reason]) from None

    def validate_note(self, field: StringField) -> None:
        """Refuse what can't be read."""
        if not (field.data or "").isprintable():
            raise ValidationError(_("Please write it on one line, without control characters."))

    def wish(self) -> Wish:
        """Return what was asked for."""
        chosen = tuple(one for one in SUBSCRIBABLE if one in (self.events.data or ()))
        unit = branch.id_of(self.unit.data)
        active = bool(self.active.data)
        return Wish(self.url.data or "", chosen, unit, active, self.note.data or "")

    def show(self, held: Listed) -> None:
        """Fill in what is held."""
        self.url.data, self.events.data = held.url, list(held.events)
        self.unit.data, self.note.data = held.unit or "", held.note
        self.active.data, self.version.data = held.active, str(held.version)
