"""The index of all rules, and what they say of a counter.

A caller counts each day once it is over, keeps the tallies, and asks `signals` each evening with
those of the last `tally.WINDOW_DAYS`. A late record or clock changes an old day: it is counted
anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fleet_server.core.signals import (
    end_burst,
    long_run,
    not_offered,
    outside_hours,
    regular_gaps,
    soon_after_call,
    soon_after_close,
    too_good,
    unplugged,
)
from fleet_server.core.signals.evidence import CounterDay
from fleet_server.core.signals.tally import STRONG, Rule, RuleName, Tally, at_least, chance_for

RULES: tuple[Rule, ...] = (
    soon_after_call.RULE,
    soon_after_close.RULE,
    regular_gaps.RULE,
    end_burst.RULE,
    long_run.RULE,
    outside_hours.RULE,
    too_good.RULE,
    not_offered.RULE,
    unplugged.RULE,
)
CHANCE = chance_for(len(RULES))
"""Less likely than this, and it is a signal."""

Severity = Literal["notable", "strong"]
Tallies = Mapping[RuleName, Tally]


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that a person should look at.

    Attributes:
        rule: which rule; the page has its words.
        severity: *strong* where chance is out of the question, else *notable*.
        since: the first day looked at.
        until: the last one; YYYY-MM-DD both.
        hits: how often it was as a cheat would have it.
        of: how often it could have been.
        honest: the greatest share of hits of an honest counter.
        chance: of so many hits or more, at that share.
        moments: of the first hits, Unix milliseconds; empty where the rule has none.
    """

    rule: RuleName
    severity: Severity
    since: str
    until: str
    hits: int
    of: int
    honest: float
    chance: float
    moments: tuple[int, ...]


def count(day: CounterDay) -> Tallies:
    """Return what each rule finds in a day."""
    return {rule.name: rule.count(day) for rule in RULES}


def signals(days: Sequence[tuple[str, Tallies]]) -> list[Signal]:
    """Return what is no longer chance in a counter's days.

    Args:
        days: each day (YYYY-MM-DD) with what was counted, in order; no more than a window's.
    """
    found = (_judge(rule, [(day, tallies[rule.name]) for day, tallies in days]) for rule in RULES)
    return [one for one in found if one is not None]


def _judge(rule: Rule, days: Sequence[tuple[str, Tally]]) -> Signal | None:
    tally = sum((one for _, one in days), Tally())
    chance = at_least(tally.hits, tally.of, rule.honest)
    if chance >= CHANCE:
        return None
    severity: Severity = "strong" if chance < CHANCE * STRONG else "notable"
    since, until = days[0][0], days[-1][0]
    return Signal(rule.name, severity, since, until, tally.hits, tally.of, rule.honest, chance,
                  tally.moments)  # fmt: skip
