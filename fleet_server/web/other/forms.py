"""The form of one rating; what may stand in it, `fleet_server.core.channels.read` says."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from fleet_server.core.channel_lists import in_own_words
from fleet_server.core.channels import CHOICES, ENTERED, FIELDS, Fault, Known, Row, read
from fleet_server.web.words import channels as words


class RatingForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """A rating from paper, phone, box or online."""

    way = SelectField(words.FIELDS["way"], validate_choice=False)
    unit = SelectField(words.FIELDS["unit"], validate_choice=False)
    day = StringField(words.FIELDS["day"])
    choice = RadioField(words.FIELDS["choice"], validate_choice=False)
    counter = StringField(words.FIELDS["counter"])
    ticket = StringField(words.FIELDS["ticket"])

    def offer(self, units: Iterable[tuple[str, str]]) -> None:
        """Give the lists their words, in the reader's language; units by code and name."""
        nothing = SelectChoice("", _("Please choose"))
        self.way.choices = [nothing, *(SelectChoice(one, words.WAYS[one]) for one in ENTERED)]
        self.choice.choices = [SelectChoice(one, words.CHOICES[one]) for one in CHOICES]
        self.unit.choices = [nothing, *(SelectChoice(*one) for one in units)]
        for field in (self.way, self.unit, self.day, self.choice):
            field.flags.required = True

    def row(self, known: Known) -> Row | None:
        """Return what was typed; None if it can't be taken, and each field says why."""
        said = {name: self[name].data or "" for name in FIELDS}
        found = read(in_own_words(said), known)
        if isinstance(found, Row):
            return found
        for one in found:
            self._blame(one)
        return None

    def _blame(self, one: Fault) -> None:
        self[one.field].errors = [*self[one.field].errors, words.fault(one)]
