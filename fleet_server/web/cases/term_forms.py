"""The form of how long the steps of cases may take."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from fleet_server.core.escalation import Terms
from fleet_server.core.working_days import MOST_DAYS
from fleet_server.store.case_terms import Grain, Version
from fleet_server.web.numbers import WholeField, seen
from fleet_server.web.tree.forms import tidy

GRAINS: Mapping[Grain, Any] = {
    "rating": _("each unsatisfied rating"),
    "day": _("all unsatisfied ratings of a counter's day together"),
}

MOST_LEVELS = 9
_NEEDED = _("Give a number of working days, from 1 to 250.")
_LEVELS = _("Give up to nine numbers from 0 to 250, none less than the one before: 0, 3, 6.")
_DAYS = NumberRange(1, MOST_DAYS, _NEEDED)


class TermsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """What has a case, and how many working days the steps have."""

    grain = RadioField(
        _("What has a case"),
        [InputRequired(_("Please choose one."))],
        choices=[SelectChoice(*one) for one in GRAINS.items()],
    )
    answer = WholeField(_("For the answer"), [Optional(), _DAYS])
    rework = WholeField(_("For another answer after a return"), [Optional(), _DAYS])
    judge = WholeField(_("For judging an answer"), [Optional(), _DAYS])
    over = StringField(_("Days over after which each level above is told"), filters=[tidy])
    give_back = BooleanField(_("None of its own: what holds above it holds again"))
    seen = HiddenField()

    def __init__(self, whole: bool, *args: Any, **more: Any) -> None:
        """Take whether it is the fleet's."""
        super().__init__(*args, **more)
        self._whole = whole
        if whole:
            del self.give_back
        else:
            del self.grain
        for field in (self.answer, self.rework, self.judge, self.over):
            field.flags.required = whole

    def validate(self, extra_validators: Any = None) -> bool:
        """Also want all days, unless they are given back."""
        valid = bool(super().validate(extra_validators))
        if self._gives_back:
            return valid
        for field in (self.answer, self.rework, self.judge):
            if field.data is None and not field.errors:
                field.errors, valid = [_NEEDED], False
        return valid

    def validate_over(self, _field: Any) -> None:
        """Refuse what are no days, and levels out of order."""
        levels = self._levels
        if self._gives_back:
            return
        if not levels or len(levels) > MOST_LEVELS or sorted(levels) != levels:
            raise ValidationError(_LEVELS)
        if not all(0 <= days <= MOST_DAYS for days in levels):
            raise ValidationError(_LEVELS)

    @property
    def _levels(self) -> list[int]:
        parts = [one.strip() for one in (self.over.data or "").split(",")]
        if not all(one.isascii() and one.isdigit() and len(one) < 4 for one in parts):
            return []
        return [int(one) for one in parts]

    @property
    def _gives_back(self) -> bool:
        return not self._whole and bool(self.give_back.data)

    @property
    def kind(self) -> Grain | None:
        """What has a case; None of a unit, which does not say it."""
        return self.grain.data if self._whole else None

    @property
    def terms(self) -> Terms | None:
        """What is to hold; None where it is given back."""
        if self._gives_back:
            return None
        answer, rework, judge = (int(one.data) for one in (self.answer, self.rework, self.judge))
        return Terms(answer, rework, judge, tuple(self._levels))

    @property
    def version(self) -> int:
        """The newest version that the page showed; -1, which none has, for nonsense."""
        return seen(self.seen.data)


def filled(held: Terms, grain: Grain, seen: int) -> dict[str, Any]:
    """Return what the form shows before anybody typed."""
    return {
        "grain": grain,
        "answer": held.answer,
        "rework": held.rework,
        "judge": held.judge,
        "over": levels(held),
        "seen": str(seen),
    }


def levels(held: Terms) -> str:
    """Write after how many days each level is told."""
    return ", ".join(map(str, held.over))


def compared(theirs: Version, form: TermsForm) -> list[tuple[Any, str, str]]:
    """Return where what was typed differs from what somebody else has saved meanwhile."""
    held, typed = theirs.terms or Terms(), form.terms or Terms()
    found = [
        (field.label.text, str(getattr(held, name)), str(getattr(typed, name)))
        for name, field in (("answer", form.answer), ("rework", form.rework), ("judge", form.judge))
    ]
    found.append((form.over.label.text, levels(held), levels(typed)))
    if theirs.grain is not None and form.kind is not None:
        found.append((form.grain.label.text, str(GRAINS[theirs.grain]), str(GRAINS[form.kind])))
    return [row for row in found if row[1] != row[2]]
