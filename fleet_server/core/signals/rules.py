"""The index of all rules, and what they say of a counter.

A caller counts each day once it is over, keeps the tallies, and asks `signals` each evening with
those of the last `tally.WINDOWS`. A late record or clock changes an old day: it is counted
anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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
from fleet_server.core.signals.tally import (
    STRONG,
    WINDOWS,
    Rule,
    RuleName,
    Tally,
    at_least,
    chance_for,
)

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
    """Return what is no longer chance in a counter's last days, one signal of a rule at most.

    Args:
        days: each day (YYYY-MM-DD) with what was counted, in order, the last one being that on
            whose evening somebody looks. Those before the longest window are not looked at.
    """
    looks = [_window(days, length) for length in WINDOWS if days]
    found = []
    for rule in RULES:
        least = min((_judge(rule, look) for look in looks), key=_chance, default=None)
        if least is not None and least.chance < CHANCE:
            found.append(least)
    return found


def _window(days: Sequence[tuple[str, Tallies]], length: int) -> list[tuple[str, Tallies]]:
    last = date.fromisoformat(days[-1][0])
    first = (last - timedelta(days=length - 1)).isoformat()
    return [one for one in days if one[0] >= first]


def _judge(rule: Rule, days: Sequence[tuple[str, Tallies]]) -> Signal:
    tally = sum((tallies[rule.name] for _, tallies in days), Tally())
    chance = at_least(tally.hits, tally.of, rule.honest)
    return Signal(
        rule=rule.name,
        severity="strong" if chance < CHANCE * STRONG else "notable",
        since=days[0][0],
        until=days[-1][0],
        hits=tally.hits,
        of=tally.of,
        honest=rule.honest,
        chance=chance,
        moments=tally.moments,
    )


def _chance(signal: Signal) -> float:
    return signal.chance
