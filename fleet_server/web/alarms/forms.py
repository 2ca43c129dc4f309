"""The form of what holds for a kind of alarms."""

from collections.abc import Mapping
from datetime import time
from typing import Any, cast

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, TimeField
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

    def __init__(self, kind: Kind, rule: Rule, **more: Any) -> None:
        """Take the kind, and the rule from which what it does not ask is taken."""
        super().__init__(**more)
        self._kind, self._rule = kind, rule
        offered = [SelectChoice(role, ROLE_WORDS[role]) for role in ROLES if role in TOLD]
        for number in range(1, STAGES + 1):
            self[f"roles_{number}"].choices = offered

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
        """Also want that the rule can be one, where it is to be one."""
        if not super().validate(extra_validators):
            return False
        try:
            self.rule()
        except ValueError:
            self.form_errors.append(
                gettext(
                    "This can't be a rule: every stage names who is told, the first one at once "
                    "and each later one no earlier than the one before; quiet hours need a "
                    "beginning and an end that differ; no more can be unsatisfied than are rated; "
                    "tampering has at least one sign."
                )
            )
            return False
        return True

    def rule(self) -> Rule | None:
        """Return the rule that was typed, None where none is to hold.

        Raises:
            ValueError: it can't be one.
        """
        if self.says.data != "rule":
            return None
        return Rule(self._limits(), self._typed_stages(), self._quiet(), self.say_end.data)

    def _limits(self) -> Limits:
        asked = {name: self[name].data for name in LIMITS[self._kind]}
        limits = {name: found for name, found in asked.items() if found is not None}
        matters = frozenset(limits.pop("matters", self._rule.limits.matters))
        if not matters:
            raise ValueError("tampering is known by some kind of matter")
        return Limits(matters=matters, **limits)

    def _typed_stages(self) -> tuple[Stage, ...]:
        typed = [
            (after.data, up.data, roles.data)
            for after, up, roles in self.stages
            if after.data is not None or roles.data
        ]
        return tuple(
            Stage(after or 0, up or 0, frozenset(roles or ())) for after, up, roles in typed
        )

    def _quiet(self) -> Quiet | None:
        since, until = self.quiet_since.data, self.quiet_until.data
        if since is None and until is None:
            return None
        if since is None or until is None:
            raise ValueError("quiet hours have a beginning and an end")
        return Quiet(_minute(since), _minute(until))


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


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)
