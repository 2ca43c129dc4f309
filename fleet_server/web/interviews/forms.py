"""The forms of an interview: why somebody wants to see how to reach a citizen, and the sheet."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from fleet_server.core.interviews import ANSWERS, CRITERIA, OUTCOMES, Answer, Criterion
from fleet_server.web import words
from fleet_server.web.signin import normalised_text


class LookForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """Why somebody looks at contact data."""

    why = StringField(
        _("What do you need it for?"), [DataRequired(), Length(max=200)], filters=[normalised_text]
    )


class SheetForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """What came of asking, and the five answers."""

    outcome = RadioField(_("Result"), [DataRequired(_("Choose a result."))])
    guidance = RadioField(words.CRITERIA["guidance"], default="not_asked")
    intake = RadioField(words.CRITERIA["intake"], default="not_asked")
    handling = RadioField(words.CRITERIA["handling"], default="not_asked")
    handing_out = RadioField(words.CRITERIA["handing_out"], default="not_asked")
    attitude = RadioField(words.CRITERIA["attitude"], default="not_asked")

    def __init__(self, *args: Any, **more: Any) -> None:
        """Offer outcomes and answers."""
        super().__init__(*args, **more)
        self.outcome.choices = [SelectChoice(one, words.INTERVIEWED[one]) for one in OUTCOMES]
        for field in self.questions:
            field.choices = [SelectChoice(one, words.ANSWERS[one]) for one in ANSWERS]
            field.flags.required = True  # *not asked* is an answer

    @property
    def questions(self) -> list[RadioField]:
        """The five questions, in the order of the sheet."""
        return [self[criterion] for criterion in CRITERIA]

    @property
    def answers(self) -> dict[Criterion, Answer]:
        """What was answered."""
        return {criterion: self[criterion].data for criterion in CRITERIA}
