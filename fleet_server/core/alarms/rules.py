"""What is too much, and who is told: rules as data. Pure.

1. There is one rule of each kind. A unit, or the whole fleet, may hold its own; it holds for all
   below it that have none: the nearest holder above wins. Where nobody holds one, `USUAL` does.
2. A holder may switch a kind off; that is a rule as well, and it is inherited like one.
3. A rule's stages say who is told and when: those of minute 0 with the alarm itself, the later ones
   only while nobody has acknowledged it. A stage names roles of the unit (``up`` 0) or of so many
   levels above.
4. A complaint by items is told at once, to the unit and to the level above, in quiet hours too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from fleet_server.core.alarms.quiet import Quiet
from fleet_server.core.choices import ENOUGH_RATINGS
from fleet_server.core.roles import Role
from fleet_server.core.tree import Tree

Kind = Literal[
    "terminal_lost", "unsatisfied", "complaint", "participation", "tampering", "case_due",
    "case_overdue",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is too much; each kind reads its own.

    Attributes:
        lost_min: *terminal_lost*: minutes of opening hours that a terminal may be away.
        back_min: *terminal_lost*: minutes that it has to be there again before that is over.
        unsatisfied, of, within_min: *unsatisfied*: so many of so many ratings, in so many minutes;
            more ratings are judged by the same share. It is over at half of that share.
        from_day: *participation*: the day of the month from which on it is judged.
        margin: *participation*: points above the target at which it is over.
        matters: *tampering*: which kinds of matters (`store.matters`) are evidence of it.
        days_left: *case_due*: working days before the deadline.
    """

    lost_min: int = 15
    back_min: int = 5
    unsatisfied: int = 5
    of: int = 10
    within_min: int = 60
    from_day: int = 15
    margin: int = 2
    matters: frozenset[str] = frozenset({"fork", "cloned", "revoked_key", "foreign_counter"})
    days_left: int = 1

    def __post_init__(self) -> None:
        """Refuse what can't be, or would tell single choices.

        Raises:
            ValueError: it is that.
        """
        if not 1 <= self.unsatisfied <= self.of or self.of < ENOUGH_RATINGS:
            raise ValueError(f"some of {ENOUGH_RATINGS} ratings or more")
        minutes = (self.lost_min, self.back_min, self.within_min, self.days_left)
        if min(minutes) < 1 or not 1 <= self.from_day <= 28 or not 0 <= self.margin <= 100:
            raise ValueError("a limit is too small or too large")


@dataclass(frozen=True, slots=True)
class Stage:
    """After so many minutes: which roles, of which level above the unit (0: of itself)."""

    after_min: int
    up: int
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for one kind; ``say_end``: whether those who were told hear that it is over."""

    limits: Limits
    stages: tuple[Stage, ...]
    quiet: Quiet | None = None
    say_end: bool = True

    def __post_init__(self) -> None:
        """Refuse stages that tell nobody at first, or are not in order.

        Raises:
            ValueError: they are such.
        """
        minutes = [one.after_min for one in self.stages]
        if minutes[:1] != [0] or minutes != sorted(minutes):
            raise ValueError("stages begin at minute 0, one after another")
        if any(one.up < 0 or not one.roles for one in self.stages):
            raise ValueError("a stage names roles, and a level above")


@dataclass(frozen=True, slots=True)
class Held:
    """What a unit, or the fleet (None), says of a kind: a rule, or None: no alarms of it."""

    unit: int | None
    kind: Kind
    rule: Rule | None


_HEADS: frozenset[Role] = frozenset({"unit_head"})
_CARERS: frozenset[Role] = frozenset({"technician"})
_JUDGES: frozenset[Role] = frozenset({"unit_head", "quality_officer"})
_GUARDS: frozenset[Role] = frozenset({"quality_officer", "administrator"})
_NIGHT = Quiet(20 * 60, 6 * 60 + 30)

USUAL: Mapping[Kind, Rule] = {
    "terminal_lost": Rule(
        Limits(), (Stage(0, 0, _CARERS), Stage(60, 0, _HEADS), Stage(240, 1, _CARERS)), _NIGHT
    ),
    "unsatisfied": Rule(Limits(), (Stage(0, 0, _HEADS), Stage(120, 1, _JUDGES)), _NIGHT),
    "complaint": Rule(Limits(), (Stage(0, 0, _HEADS), Stage(0, 1, _JUDGES)), say_end=False),
    "participation": Rule(
        Limits(), (Stage(0, 0, _HEADS), Stage(2880, 1, _JUDGES)), _NIGHT, say_end=False
    ),
    "tampering": Rule(Limits(), (Stage(0, 1, _GUARDS), Stage(240, 2, _GUARDS)), say_end=False),
    "case_due": Rule(Limits(), (Stage(0, 0, _HEADS),), _NIGHT, say_end=False),
    "case_overdue": Rule(Limits(), (Stage(0, 0, _JUDGES),), _NIGHT, say_end=False),
}
"""What holds where nobody says anything. Evidence of tampering is told above the unit it is about;
of overdue cases the levels above are told by `core.escalation`, each as a fact of its own."""


class Rules:
    """All that is held."""

    def __init__(self, held: Iterable[Held]) -> None:
        """Take what holders say; who says nothing of a kind is not there."""
        self._held = {(one.kind, one.unit): one.rule for one in held}

    def of(self, kind: Kind, unit: int | None, tree: Tree) -> Rule | None:
        """Return what holds for a unit, None where there are to be no alarms of that kind."""
        above = [] if unit is None else [node.id for node in tree.path(unit)[::-1]]
        holders = [(kind, one) for one in (*above, None)]
        said = [self._held[one] for one in holders if one in self._held]
        return said[0] if said else USUAL[kind]
