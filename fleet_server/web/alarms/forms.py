"""The form of what holds for a kind of alarms."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import time
from typing import Any, cast

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectMultipleField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from fleet_server.core.alarms.hearing import TOLD
from fleet_server.core.alarms.quiet import Quiet
from fleet_server.core.alarms.rules import Kind, Limits, Rule, Stage
from fleet_server.core.roles import ROLES
from fleet_server.store.alarm_rules import Says
from fleet_server.web.numbers import WholeField, seen
from fleet_server.web.words.matters import MATTERS
from fleet_server.web.words.roles import ROLES as ROLE_WORDS

LIMITS: Mapping[Kind, tuple[str, ...]] = {
    "terminal_lost": ("lost_min", "back_min"),
    "unsatisfied": ("unsatisfied", "of", "within_min"),
    "complaint": (),
    "participation": ("from_day", "margin"),
    "tampering": ("matters",),
    "case_due": ("days_left",),
    "case_overdue": (),
}
"""The limits that each kind reads."""

STAGES = 4
MOST_MINUTES = 14 * 24 * 60
HIGHEST = 4
"""Levels above a unit that can be chosen."""

_LOST = _(
    "Values below were changed, but would not hold: choose “A rule of its own, as below”, or leave "
    "them as they were."
)
_MISSING = _("Please fill this in.")
_SHARE = _("No more can be unsatisfied than are rated.")
_NOBODY = _("Please choose who is told.")
_ORDER = _("Not before the stage above it.")
_HALF = _("Quiet hours need a beginning and an end.")
_NO_TIME = _("Quiet hours must end at another time than they begin.")


def _whole(label: Any, low: int, high: int) -> WholeField:
    said = _("Give a whole number from %(low)s to %(high)s.", low=low, high=high)
    return WholeField(label, [Optional(), NumberRange(low, high, said)])


class RuleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """What is too much of one kind, who is told when, and when nobody is woken."""

    says = RadioField(
        _("What holds here"),
        [InputRequired()],
        choices=[
            SelectChoice("above", _("What holds above it")),
            SelectChoice("rule", _("A rule of its own, as below")),
            SelectChoice("off", _("No alarms of this kind")),
        ],
    )
    lost_min = _whole(_("Minutes of opening hours that a terminal may be away"), 1, 1_440)
    back_min = _whole(_("Minutes that it must be there again"), 1, 1_440)
    unsatisfied = _whole(_("So many unsatisfied"), 1, 1_000)
    of = _whole(_("of so many ratings"), 5, 1_000)
    within_min = _whole(_("in so many minutes"), 1, 1_440)
    from_day = _whole(_("Judged from this day of the month on"), 1, 28)
    margin = _whole(_("Over at so many points above the target"), 0, 100)
    days_left = _whole(_("Working days before the deadline"), 1, 10)
    matters = SelectMultipleField(
        _("What is a sign of it"),
        [Optional()],
        choices=[SelectChoice(kind, told.name) for kind, told in MATTERS.items()],
    )
    after_1 = _whole(_("First: after so many minutes"), 0, 0)
    after_2 = _whole(_("Second: after so many minutes"), 0, MOST_MINUTES)
    after_3 = _whole(_("Third: after so many minutes"), 0, MOST_MINUTES)
    after_4 = _whole(_("Fourth: after so many minutes"), 0, MOST_MINUTES)
    up_1 = _whole(_("Levels above the unit"), 0, HIGHEST)
    up_2 = _whole(_("Levels above the unit"), 0, HIGHEST)
    up_3 = _whole(_("Levels above the unit"), 0, HIGHEST)
    up_4 = _whole(_("Levels above the unit"), 0, HIGHEST)
    roles_1 = SelectMultipleField(_("Who is told"), [Optional()])
    roles_2 = SelectMultipleField(_("Who is told"), [Optional()])
    roles_3 = SelectMultipleField(_("Who is told"), [Optional()])
    roles_4 = SelectMultipleField(_("Who is told"), [Optional()])
    quiet_since = TimeField(_("Quiet from"), [Optional()])
    quiet_until = TimeField(_("Quiet until"), [Optional()])
    say_end = BooleanField(_("Tell too when it is over"))
    seen = HiddenField()

    def __init__(self, kind: Kind, rule: Rule, held: Says, **more: Any) -> None:
        """Take the kind, the rule that the page shows, and what the holder said of it so far."""
        super().__init__(**more)
        self._kind, self._rule, self._held = kind, rule, held
        offered = [SelectChoice(role, ROLE_WORDS[role]) for role in ROLES if role in TOLD]
        for number in range(1, STAGES + 1):
            self[f"roles_{number}"].choices = offered
        # Only where the rule is chosen, so no validator says it.
        for field in (*self.limits, *self.stages[0]):
            field.flags.required = True

    @property
    def limits(self) -> list[Any]:
        """The fields of the limits that the kind reads."""
        return [self[name] for name in LIMITS[self._kind]]

    @property
    def stages(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each stage: minutes, level, roles."""
        numbers = range(1, STAGES + 1)
        return [(self[f"after_{n}"], self[f"up_{n}"], self[f"roles_{n}"]) for n in numbers]

    @property
    def word(self) -> Says:
        """What was chosen."""
        return cast(Says, self.says.data)

    @property
    def version(self) -> int:
        """The newest version that the page showed; -1, which none has, for nonsense."""
        return seen(self.seen.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Also want that a rule can be one, and that no value is lost to a choice not made."""
        if not super().validate(extra_validators):
            return False
        wrong = list(self._misfits())
        if self.says.data != "rule":
            left = self.says.data == self._held and (wrong or self._typed() != self._rule)
            wrong = [(self.says, _LOST)] if left else []
        for field, said in wrong:
            field.errors = [*field.errors, str(said)]
        return not wrong

    def _misfits(self) -> Iterator[tuple[Field, LazyString]]:
        """Yield each field for which what was typed can't be a rule, and why."""
        yield from ((field, _MISSING) for field in self.limits if not _given(field))
        if "of" in LIMITS[self._kind] and (self.unsatisfied.data or 0) > (self.of.data or 0):
            yield from ((field, _SHARE) for field in (self.unsatisfied, self.of))
        yield from self._misfits_of_stages()
        since, until = self.quiet_since, self.quiet_until
        yield from ((one, _HALF) for one in (since, until) if _given(since) != _given(until))
        if _given(since) and since.data == until.data:
            yield until, _NO_TIME

    def _misfits_of_stages(self) -> Iterator[tuple[Field, LazyString]]:
        before = 0
        for after, _up, roles in self._stages_given():
            if not _given(roles):
                yield roles, _NOBODY
            if (after.data or 0) < before:
                yield after, _ORDER
            before = after.data or 0

    def _stages_given(self) -> list[tuple[Any, Any, Any]]:
        """Return the stages to be told at: the first, and each other of which anything is given."""
        return [
            one for n, one in enumerate(self.stages) if n == 0 or any(_given(part) for part in one)
        ]

    def rule(self) -> Rule | None:
        """Return the rule that was typed, None where none is to hold; of a form that is valid."""
        return self._typed() if self.says.data == "rule" else None

    def _typed(self) -> Rule:
        return Rule(self._limits(), self._typed_stages(), self._quiet(), self.say_end.data)

    def _limits(self) -> Limits:
        asked = {name: self[name].data for name in LIMITS[self._kind]}
        if "matters" in asked:
            asked["matters"] = frozenset(asked["matters"])
        return replace(self._rule.limits, **asked)

    def _typed_stages(self) -> tuple[Stage, ...]:
        return tuple(
            Stage(after.data or 0, up.data or 0, frozenset(roles.data))
            for after, up, roles in self._stages_given()
        )

    def _quiet(self) -> Quiet | None:
        since, until = self.quiet_since.data, self.quiet_until.data
        return None if since is None else Quiet(_minute(since), _minute(until))


def shown(rule: Rule, says: Says, seen: int) -> dict[str, Any]:
    """Return what the form shows of a rule."""
    data: dict[str, Any] = {
        "says": says, "seen": str(seen), "say_end": rule.say_end,
        **{name: getattr(rule.limits, name) for names in LIMITS.values() for name in names},
    }  # fmt: skip
    for number, stage in enumerate(rule.stages, 1):
        data |= {
            f"after_{number}": stage.after_min, f"up_{number}": stage.up,
            f"roles_{number}": sorted(stage.roles),
        }  # fmt: skip
    if rule.quiet is not None:
        data |= {"quiet_since": _time(rule.quiet.since), "quiet_until": _time(rule.quiet.until)}
    return data


def _given(field: Field) -> bool:
    return field.data is not None and field.data != []


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)
