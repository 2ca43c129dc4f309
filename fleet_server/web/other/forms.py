"""The forms of a rating and its withdrawal; `fleet_server.core.channels.read` says what may be."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from fleet_server.core.channel_lists import in_own_words
from fleet_server.core.channels import CHOICES, ENTERED, FIELDS, Fault, Known, Row, read
from fleet_server.web.tree.forms import tidy
from fleet_server.web.words import channels as words

MOST = 500
"""Characters of a reason."""


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


class WithdrawalForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """Why a rating is withdrawn, and whether all of its list is."""

    reason = TextAreaField(
        _("Why it is withdrawn"),
        [
            DataRequired(_("Write why: what was entered by mistake, and how.")),
            Length(max=MOST, message=_("At most %(max)s characters.")),
        ],
        filters=[tidy],
    )
    whole = BooleanField()

    def offer(self, many: int) -> None:
        """Offer to withdraw a whole list, of so many ratings; not where there is but one."""
        if many > 1:
            label = ngettext("All %(num)s rating", "All %(num)s ratings of the same list", many)
            self.whole.label.text = label
        else:
            del self.whole
