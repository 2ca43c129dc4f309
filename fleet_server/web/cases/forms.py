"""The forms of the steps: what a person says, and the step that it makes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import DateField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from fleet_server.core.answers import MOST_CHARACTERS, Answer, wrong
from fleet_server.core.case_events import (
    Answered,
    Assigned,
    Body,
    Closed,
    Prolonged,
    Returned,
    Ruled,
    Step,
)
from fleet_server.core.cases import Case
from fleet_server.core.days import day_on, local
from fleet_server.core.escalation import Terms
from fleet_server.web.cases import attachments
from fleet_server.web.cases.attachments import Sent
from fleet_server.web.numbers import seen
from fleet_server.web.tree.forms import tidy
from fleet_server.web.words.cases import ANSWER_WRONG, APOLOGIES, DOSSIER_STEPS

_YES, _NO = "yes", "no"
_LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the forms of a case know.

    Attributes:
        case: as it is now.
        people: who can be assigned, by id and name.
        terms: how long the steps may take.
        until: returns until when there are so many working days from now on.
        zone: the fleet's time zone.
    """

    case: Case
    people: Mapping[int, str]
    terms: Terms
    until: Callable[[int], int]
    zone: tzinfo


def _text(label: object, needed: bool = True) -> TextAreaField:
    said = [InputRequired(_("Please fill this in."))] if needed else []
    limit = Length(max=MOST_CHARACTERS, message=_("At most %(max)d characters."))
    return TextAreaField(label, [*said, limit], filters=[tidy])


def _choice(label: object, options: Iterable[tuple[str, object]], missing: object) -> RadioField:
    choices = [SelectChoice(value, words) for value, words in options]
    return RadioField(label, choices=choices, validators=[InputRequired(missing)])


class StepForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """A step: each form says by ``body`` which one it makes, once it is valid.

    ``seq`` is the number of the last step that the page showed.
    """

    seq = HiddenField()

    def __init__(self, setting: Setting, *args: Any, **more: Any) -> None:
        """Take what the form knows."""
        super().__init__(*args, **more)
        self._setting = setting

    @property
    def seen(self) -> int:
        """The number of the last step that the page showed; -1, which none has, for nonsense."""
        return seen(self.seq.data)

    def kept(self) -> Iterable[tuple[str, bytes]]:
        """Return the files that come with the step, each with its digest."""
        return ()

    def told(self) -> dict[str, object]:
        """Return what the audit log says of it beside the step."""
        return {}


class AssignForm(StepForm):
    """Who is to answer."""

    person = SelectField(_("Who is to answer"), coerce=int)

    def __init__(self, setting: Setting, *args: Any, **more: Any) -> None:
        """Offer the people."""
        super().__init__(setting, *args, **more)
        self.person.choices = [SelectChoice(*one) for one in setting.people.items()]

    def body(self) -> Body:
        """Return who is assigned."""
        return Assigned(int(self.person.data))

    def told(self) -> dict[str, object]:
        """Return who it is."""
        return {"to": self._setting.people[int(self.person.data)]}


class AnswerForm(StepForm):
    """The explanation; what it must say is judged by `fleet_server.core.answers`."""

    late = RadioField(
        _("Was the dossier late?"),
        choices=[SelectChoice(_YES, _("Yes")), SelectChoice(_NO, _("No"))],
        validators=[InputRequired(ANSWER_WRONG["late"])],
    )
    late_in = SelectField(
        _("In which step?"),
        choices=[
            SelectChoice("", _("it was not late")),
            *(SelectChoice(*one) for one in DOSSIER_STEPS.items()),
        ],
        default="",
    )
    cause = _text(_("Cause"))
    remedy = _text(_("Remedy"))
    apology = _choice(_("Apology"), APOLOGIES.items(), ANSWER_WRONG["apology"])
    attachments = MultipleFileField(_("Attachments"))
    _sent: Sent

    def validate(self, extra_validators: Any = None) -> bool:
        """Also want what an answer must say, and files that can be attached."""
        valid = bool(super().validate(extra_validators))
        self._sent = attachments.read(self.attachments.data or [])
        self.attachments.errors = list(self._sent.wrong)
        for name in wrong(self._answer()):
            field = self[name]
            field.errors = field.errors or [ANSWER_WRONG[name]]
        return valid and not self.errors

    def _answer(self) -> Answer:
        said = self.late.data
        return Answer(
            late=None if said is None else said == _YES,
            late_in=self.late_in.data or None,
            cause=self.cause.data or "",
            remedy=self.remedy.data or "",
            apology=self.apology.data,
            attachments=self._sent.files,
        )

    def kept(self) -> Iterable[tuple[str, bytes]]:
        """Read the files that were attached, one after the other."""
        return attachments.kept(self._sent)

    def body(self) -> Body:
        """Return the answer, and until when it is to be judged."""
        return Answered(self._answer(), self._setting.until(self._setting.terms.judge))

    def told(self) -> dict[str, object]:
        """Return how many files came with it."""
        return {"files": len(self._sent.files)}


def begun(case: Case) -> dict[str, object]:
    """Return what is in the forms of a case before anybody types: its assignee, its last answer."""
    last = case.answer or Answer()
    return {
        "seq": str(case.seq),
        "person": case.assignee,
        "late": None if last.late is None else _YES if last.late else _NO,
        "late_in": last.late_in or "",
        "cause": last.cause,
        "remedy": last.remedy,
        "apology": last.apology,
    }


class ReturnForm(StepForm):
    """Why an answer is not enough."""

    reason = _text(_("What is missing"))

    def body(self) -> Body:
        """Return the reason, and until when there is to be another answer."""
        return Returned(self.reason.data, self._setting.until(self._setting.terms.rework))


class CloseForm(StepForm):
    """What is said at the end."""

    note = _text(_("Note"), needed=False)

    def body(self) -> Body:
        """Return the note."""
        return Closed(self.note.data or "")


class RuleForm(StepForm):
    """On whose side the reason lay."""

    citizens_side = _choice(
        _("Did the reason lie on the citizen's side?"),
        [(_YES, _("Yes")), (_NO, _("No"))],
        _("Please choose one."),
    )
    reason = _text(_("How that is known"))

    def body(self) -> Body:
        """Return the ruling."""
        return Ruled(self.citizens_side.data == _YES, self.reason.data)

    def told(self) -> dict[str, object]:
        """Return which way it went."""
        return {"citizens_side": self.citizens_side.data == _YES}


class ProlongForm(StepForm):
    """Until when there is more time, and why."""

    last = DateField(_("Last day"), [InputRequired(_("Give a day, such as 2026-11-22."))])
    reason = _text(_("Reason"))

    def validate_last(self, field: Any) -> None:
        """Refuse what gives no more time, and what gives more than a year of it."""
        due = self._setting.case.due
        if field.data is None or due is None:
            return
        if self._until(field.data) <= due:
            raise ValidationError(_("This is no later than the deadline that there is."))
        if field.data > local(due, self._setting.zone).date() + _LONGEST:
            raise ValidationError(_("At most a year more than there was."))

    def _until(self, last: date) -> int:
        return day_on(last, self._setting.zone).end

    def body(self) -> Body:
        """Return the reason and the new deadline."""
        return Prolonged(self.reason.data, self._until(self.last.data))

    def told(self) -> dict[str, object]:
        """Return the last day."""
        return {"until": self.last.data.isoformat()}


FORMS: Mapping[Step, Any] = {
    "answer": AnswerForm,
    "close": CloseForm,
    "return": ReturnForm,
    "assign": AssignForm,
    "rule": RuleForm,
    "prolong": ProlongForm,
}
"""The form of each step that people take; what brings a case on comes first."""
