"""What a fleet sets most often at its terminals, as a form; everything else as text for experts.

The form knows a few keys of the policy (``device/README.md``) and what they may be; keys that it
does not know it leaves alone.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, Regexp, ValidationError

from fleet_server import policy
from fleet_server.core.opening import Week
from fleet_server.web.signin import normalised_text

Tables = dict[str, dict[str, Any]]

KEEP = ""
"""Leave the terminal's own, or, for many, what each has."""

COUNTER = "counter"

_SELECTED: dict[str, tuple[str, str]] = {
    "without": ("tickets", "without"),
    "reasons": ("asking", "reasons"),
    "letters": ("look", "letters"),
    "contrast": ("look", "contrast"),
}
"""Fields whose value is the key's value."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class PolicyForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """The few keys that an office asks for."""

    version = HiddenField()
    without = SelectField(
        _("Without a ticket"),
        default=KEEP,
        choices=[
            SelectChoice(KEEP, _("as the terminal has it")),
            SelectChoice("wait", _("ask to wait for one's turn")),
            SelectChoice("unbound", _("take ratings that belong to no ticket")),
        ],
    )
    reasons = SelectField(
        _("Ask for reasons"),
        default=KEEP,
        choices=[
            SelectChoice(KEEP, _("as the terminal has it")),
            SelectChoice("every", _("after every choice, so that nobody can tell which it was")),
            SelectChoice("unsatisfied", _("after “unsatisfied” only")),
            SelectChoice("never", _("never")),
        ],
    )
    letters = SelectField(
        _("Letters"),
        default=KEEP,
        choices=[
            SelectChoice(KEEP, _("as the terminal has it")),
            SelectChoice("normal", _("normal")),
            SelectChoice("large", _("large")),
        ],
    )
    contrast = SelectField(
        _("Contrast"),
        default=KEEP,
        choices=[
            SelectChoice(KEEP, _("as the terminal has it")),
            SelectChoice("normal", _("normal")),
            SelectChoice("high", _("high")),
        ],
    )
    question_vi = StringField(
        _("Question in Vietnamese"), [Length(max=200)], filters=[normalised_text]
    )
    question_en = StringField(
        _("Question in English"), [Length(max=200)], filters=[normalised_text]
    )
    opening = SelectField(
        _("Takes ratings"),
        default=KEEP,
        choices=[
            SelectChoice(KEEP, _("as the terminal has it")),
            SelectChoice(COUNTER, _("within the opening hours of its counter")),
        ],
    )
    day_ends = StringField(
        _("The service day ends at"),
        [
            Optional(),
            Regexp(r"([01]\d|2[0-3]):[0-5]\d\Z", message=_("Please write a time such as 04:00.")),
        ],
    )

    def validate_question_en(self, _field: Field) -> None:
        """Refuse one language alone: the other would be asked the usual question."""
        if bool(self.question_vi.data) != bool(self.question_en.data):
            raise ValidationError(gettext("Please give the question in both languages."))

    def tables(self, week: Week) -> Tables:
        """Return what was filled in; ``week`` is that of the counter."""
        found: Tables = {}
        for field, (table, key) in _SELECTED.items():
            if self[field].data:
                found.setdefault(table, {})[key] = self[field].data
        if self.question_vi.data:
            question = {"vi": self.question_vi.data, "en": self.question_en.data}
            found["texts"] = {"question": question}
        if self.opening.data == COUNTER:
            found.setdefault("hours", {})["opening"] = opening_of(week)
        if self.day_ends.data:
            found.setdefault("hours", {})["day_ends"] = self.day_ends.data
        return found

    def laid_over(self, held: Mapping[str, Any], week: Week) -> dict[str, Any]:
        """Return tables in which the keys that the form knows are as it says, and no others."""
        found = policy.fit(held)
        for table, key in (*_SELECTED.values(), ("texts", "question"), ("hours", "day_ends")):
            found.get(table, {}).pop(key, None)
        if self.opening.data != COUNTER:
            found.get("hours", {}).pop("opening", None)
        for name, typed in self.tables(week).items():
            found[name] = {**found.get(name, {}), **typed}
        return {name: table for name, table in found.items() if table}

    @staticmethod
    def of(settings: Mapping[str, Any], version: int) -> dict[str, Any]:
        """Return what the form shows at first."""
        found: dict[str, Any] = {"version": str(version)}
        for field, (table, key) in _SELECTED.items():
            found[field] = _at(settings, table, key) or KEEP
        question = _at(settings, "texts", "question")
        if isinstance(question, Mapping):
            found |= {f"question_{code}": question.get(code, "") for code in ("vi", "en")}
        found["opening"] = COUNTER if _at(settings, "hours", "opening") else KEEP
        found["day_ends"] = _at(settings, "hours", "day_ends") or ""
        return found


class ExpertForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """All tables, as the text of a file."""

    version = HiddenField(id="expert-version")
    toml = TextAreaField(_("Tables"), [Length(max=policy.MAX_BYTES)])

    def validate_toml(self, field: Field) -> None:
        """Refuse what no terminal takes."""
        try:
            self.read = policy.read((field.data or "").replace("\r\n", "\n").encode())
        except policy.PolicyError as error:
            raise ValidationError(said(error)) from None


def said(error: policy.PolicyError) -> str:
    """Return what is wrong in words."""
    words: dict[str, str] = {
        "large": gettext("Please write at most 32 KB."),
        "encoding": gettext("Please write plain text."),
        "form": gettext("This is not valid TOML: %(where)s", where=error.where),
        "refused": gettext("No terminal would take this: %(where)s", where=error.where),
        "value": gettext('Times are texts here, such as day_ends = "04:00".'),
    }
    return words[error.why]


def opening_of(week: Week) -> dict[str, list[str]]:
    """Return the hours of a week as a terminal takes them; a day left out is closed."""
    return {
        name: [f"{_clock(since)}-{_clock(until)}" for since, until in week.spans(n)]
        for n, name in enumerate(_DAYS)
        if week.spans(n)
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _at(settings: Mapping[str, Any], table: str, key: str) -> Any:
    held = settings.get(table)
    return held.get(key) if isinstance(held, Mapping) else None
