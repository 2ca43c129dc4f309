"""When does what was counted become a signal, and what does it say?"""

from datetime import date, timedelta
from math import comb
from random import Random
from typing import get_args

import pytest

from fleet_server.core.signals.rules import CHANCE, RULES, Tallies, count, signals
from fleet_server.core.signals.tally import (
    AIM,
    LOOKS,
    MOST_MOMENTS,
    STRONG,
    WINDOWS,
    RuleName,
    Tally,
    at_least,
    found,
)
from tests.fakes.cheats import CHEATS
from tests.fakes.offices import HONEST, Office, working_days

FIRST = date(2026, 3, 2)


def told(rule: RuleName, *tallies: tuple[int, int]) -> list[tuple[str, Tallies]]:
    """Days on which one rule found this, and the others nothing."""
    empty = {one.name: Tally() for one in RULES}
    return [
        ((FIRST + timedelta(days=n)).isoformat(), {**empty, rule: Tally(*tally)})
        for n, tally in enumerate(tallies)
    ]


def test_every_name_has_its_rule() -> None:
    assert tuple(rule.name for rule in RULES) == get_args(RuleName)
    assert all(0 < rule.honest < 1 for rule in RULES)


def test_the_false_alarms_of_all_looks_together_are_what_was_aimed_at() -> None:
    assert pytest.approx(AIM) == CHANCE * len(RULES) * LOOKS * len(WINDOWS)


@pytest.mark.parametrize(("of", "share"), [(1, 0.5), (9, 0.02), (30, 0.1), (200, 0.97)])
def test_the_chance_of_so_many_hits_is_the_binomial_one(of: int, share: float) -> None:
    exact = [comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(of + 1)]
    for hits in range(of + 1):
        wanted = sum(exact[hits:]) if hits > of * share else 1.0
        assert at_least(hits, of, share) == pytest.approx(wanted)


def test_days_are_added_and_the_first_moments_kept() -> None:
    one, two = found([1, 2], 5), found(list(range(3, 99)), 100)
    assert one + two == Tally(98, 105, tuple(range(1, MOST_MOMENTS + 1)))


def test_chance_is_no_signal_and_nothing_neither() -> None:
    assert signals([]) == []
    assert signals(told("unplugged", (1, 1), (0, 1), (0, 1))) == []
    assert signals(told("unplugged", *[(0, 0)] * 30)) == []


def test_what_is_no_longer_chance_is_told_with_its_numbers() -> None:
    (signal,) = signals(told("unplugged", *[(1, 1)] * 5))
    assert (signal.rule, signal.severity, signal.hits, signal.of) == ("unplugged", "notable", 5, 5)
    assert (signal.since, signal.until) == ("2026-03-02", "2026-03-06")
    assert signal.chance == pytest.approx(0.1**5)
    assert signal.honest == 0.1


def test_one_hit_less_is_chance() -> None:
    chance = at_least(4, 5, 0.1)
    assert chance > CHANCE
    assert signals(told("unplugged", (0, 1), *[(1, 1)] * 4)) == []


def test_what_can_be_no_chance_at_all_is_strong() -> None:
    (signal,) = signals(told("too_good", *[(200, 200)] * 5))
    assert signal.severity == "strong"
    assert signal.chance < CHANCE * STRONG


def test_a_week_shows_what_a_quiet_month_before_would_hide() -> None:
    (signal,) = signals(told("unplugged", *[(0, 1)] * 24, *[(1, 1)] * 6))
    assert (signal.since, signal.hits, signal.of) == ("2026-03-25", 6, 7)


def test_thirty_days_show_what_a_week_has_too_little_of() -> None:
    (signal,) = signals(told("unplugged", *[(0, 1), (1, 1)] * 15))
    assert (signal.since, signal.hits, signal.of) == ("2026-03-02", 15, 30)


def test_what_is_longer_ago_is_not_looked_at() -> None:
    assert signals(told("unplugged", *[(1, 1)] * 30, *[(0, 1)] * 30)) == []


def test_an_honest_office_has_no_signal_in_two_months() -> None:
    kinds = ("usual", "brisk", "prompting", "popular", "children")
    year = Office(tuple(HONEST[kind] for kind in kinds), "honest").year(working_days(FIRST, 40))
    kept: list[list[tuple[str, Tallies]]] = [[] for _ in kinds]
    for counters in year:
        for days, day in zip(kept, counters, strict=True):
            days.append((day.day, count(day)))
            assert signals(days) == []


@pytest.mark.parametrize(
    ("cheat", "rule"),
    [
        ("shadow", "too_good"),
        ("forger", "too_good"),
        ("evening", "end_burst"),
        ("skipper", "soon_after_call"),
        ("unplugger", "unplugged"),
        ("hider", "not_offered"),
        ("robot", "regular_gaps"),
        ("night", "outside_hours"),
        ("series", "long_run"),
    ],
)
def test_each_cheat_is_found_by_the_rule_that_is_meant(cheat: str, rule: RuleName) -> None:
    chance = Random(cheat)
    honest = Office((HONEST["usual"],), cheat).year(working_days(FIRST, 40))
    days = [(day.day, count(CHEATS[cheat](day, chance))) for (day,) in honest]
    names = {one.rule for n in range(len(days)) for one in signals(days[: n + 1])}
    assert rule in names
