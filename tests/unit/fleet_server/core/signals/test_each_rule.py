"""What each rule counts in a day, and what it leaves alone."""

from dataclasses import replace
from itertools import permutations, product

import pytest

from fleet_server.core.participation import ChoiceName
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
from fleet_server.core.signals.evidence import Absence, CounterDay, Press, Visit
from fleet_server.core.signals.rules import RULES
from fleet_server.core.signals.tally import Rule, Tally
from tests.unit.fleet_server.core.signals.days import (
    CLOSES,
    MINUTE,
    OPENS,
    SECOND,
    day,
    presses,
    visit,
)

CHOICES: dict[str, ChoiceName] = {
    "v": "very_satisfied",
    "s": "satisfied",
    "u": "unsatisfied",
}


def counted(rule: Rule, of: CounterDay) -> tuple[int, int]:
    tally = rule.count(of)
    return tally.hits, tally.of


def chosen(row: str) -> CounterDay:
    """A day on which these were chosen, one after the other."""
    return day(
        visit(OPENS + n * 5 * MINUTE, 50 * SECOND, choice=CHOICES[letter])
        for n, letter in enumerate(row)
    )


def test_a_press_within_ten_seconds_of_the_call_is_too_soon() -> None:
    both = day([visit(OPENS, 9_999), visit(OPENS + MINUTE, 10_000)])
    assert soon_after_call.RULE.count(both) == Tally(1, 2, (OPENS + 9_999,))


def test_without_a_press_or_a_known_call_nothing_is_too_soon() -> None:
    uncalled = replace(visit(OPENS, 5_000), called_at=None)
    assert counted(soon_after_call.RULE, day([visit(OPENS), uncalled])) == (0, 0)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (-6_001, (0, 0)),
        (-6_000, (0, 1)),
        (-1, (0, 1)),
        (0, (1, 1)),
        (2_999, (1, 1)),
        (3_000, (0, 1)),
        (8_999, (0, 1)),
        (9_000, (0, 0)),
    ],
)
def test_presses_near_the_close_are_looked_at_and_those_right_after_it_are_hits(
    after: int, expected: tuple[int, int]
) -> None:
    assert counted(soon_after_close.RULE, day([visit(OPENS, MINUTE + after)])) == expected


def test_a_visit_whose_close_nobody_saw_says_nothing_of_it() -> None:
    followed = replace(visit(OPENS, MINUTE), closed_at=None)
    assert counted(soon_after_close.RULE, day([followed, visit(OPENS)])) == (0, 0)


def test_gaps_are_compared_in_pairs_that_share_none() -> None:
    even = presses(*(OPENS + n * MINUTE for n in range(5)))
    assert regular_gaps.RULE.count(day((), even)) == Tally(
        2, 2, (OPENS + 2 * MINUTE, OPENS + 4 * MINUTE)
    )


@pytest.mark.parametrize(("second", "hits"), [(95_000, 1), (94_999, 0)])
def test_two_gaps_are_alike_up_to_a_twentieth(second: int, hits: int) -> None:
    three = presses(OPENS, OPENS + 100_000, OPENS + 100_000 + second)
    assert counted(regular_gaps.RULE, day((), three)) == (hits, 1)


def test_hammering_and_the_lunch_break_are_no_gaps() -> None:
    child = presses(*(OPENS + n * 4_999 for n in range(9)))
    lunch = presses(OPENS, OPENS + 31 * MINUTE, OPENS + 62 * MINUTE)
    assert counted(regular_gaps.RULE, day((), child)) == (0, 0)
    assert counted(regular_gaps.RULE, day((), lunch)) == (0, 0)


MORNING = [visit(OPENS + n * 10 * MINUTE, 40 * SECOND) for n in range(22)]


def test_presses_heaped_up_before_closing_are_one_hit() -> None:
    heap = presses(*(CLOSES - 10 * MINUTE + n * 7 * SECOND for n in range(12)))
    assert end_burst.RULE.count(day(MORNING, heap)) == Tally(1, 1, (CLOSES - 10 * MINUTE,))


def test_a_rush_before_closing_is_none() -> None:
    rush = [visit(CLOSES - 19 * MINUTE + n * 90 * SECOND, 40 * SECOND) for n in range(12)]
    assert counted(end_burst.RULE, day([*MORNING, *rush])) == (0, 1)


def test_an_opening_with_few_presses_is_not_looked_at() -> None:
    heap = presses(*(CLOSES - MINUTE + n * SECOND for n in range(4)))
    assert counted(end_burst.RULE, day((), heap)) == (0, 0)


def test_a_row_of_good_ones_between_mixed_ones_is_a_long_run() -> None:
    tally = long_run.RULE.count(chosen("vsvsuvs" + "v" * 14 + "svsusvsv"))
    assert (tally.hits, tally.of) == (1, 1)
    assert tally.moments == (), "where it begins would tell a choice"


def test_the_same_choices_well_mixed_are_none() -> None:
    assert counted(long_run.RULE, chosen("vvsvvuvvsvvsvvuvvsvvsvvv")) == (0, 1)


def test_a_day_that_could_not_be_odd_is_no_trial() -> None:
    assert counted(long_run.RULE, chosen("v" * 40)) == (0, 0)
    assert counted(long_run.RULE, chosen("v" * 60 + "s")) == (0, 0)
    assert counted(long_run.RULE, chosen("")) == (0, 0)


@pytest.mark.parametrize(("many", "others"), list(product(range(1, 6), range(1, 4))))
def test_the_chance_of_a_run_is_that_of_all_orders(many: int, others: int) -> None:
    rows = set(permutations("v" * many + "x" * others))
    for length in range(1, many + 1):
        share = sum("v" * length in "".join(row) for row in rows) / len(rows)
        assert long_run.run_chance(length, many, others) == pytest.approx(share)


@pytest.mark.parametrize(
    ("at", "hits"),
    [
        (OPENS - 45 * MINUTE - 1, 1),
        (OPENS - 45 * MINUTE, 0),
        (CLOSES + 45 * MINUTE - 1, 0),
        (CLOSES + 45 * MINUTE, 1),
    ],
)
def test_a_press_well_outside_the_hours_is_a_hit(at: int, hits: int) -> None:
    assert counted(outside_hours.RULE, day((), presses(at))) == (hits, 1)


def test_a_night_of_presses_is_one_hit_and_a_closed_day_has_no_hours() -> None:
    night = presses(*(CLOSES + 5 * 60 * MINUTE + n * SECOND for n in range(50)))
    assert counted(outside_hours.RULE, day((), night)) == (1, 1)
    assert counted(outside_hours.RULE, day((), presses(OPENS), closed=True)) == (1, 1)


def test_participation_is_that_of_served_tickets_which_the_terminal_heard_of() -> None:
    nobody = Visit(OPENS, None, served=False)
    some = [visit(OPENS, 30_000), visit(OPENS), visit(OPENS, missed=True), nobody]
    assert counted(too_good.RULE, day(some)) == (1, 2)


def test_tickets_missed_in_a_row_are_one_hole() -> None:
    row = [
        visit(OPENS + n * 5 * MINUTE, missed=missed)
        for n, missed in enumerate((False, True, True, True, False, True))
    ]
    assert not_offered.RULE.count(day(row)) == Tally(
        2, 4, (OPENS + 5 * MINUTE, OPENS + 25 * MINUTE)
    )


def test_tickets_missed_while_the_terminal_was_away_are_none() -> None:
    away = [Absence(OPENS + 6 * MINUTE, OPENS + 7 * MINUTE, alone=True)]
    row = [
        visit(OPENS, missed=True),
        visit(OPENS + 5 * MINUTE, closed=4 * MINUTE, missed=True),
        replace(visit(OPENS + 6 * MINUTE, missed=True), closed_at=None),
        replace(visit(OPENS, missed=True), called_at=None),
        visit(OPENS + 10 * MINUTE),
    ]
    assert not_offered.RULE.count(day(row, (), away)) == Tally(1, 2, (OPENS,))


@pytest.mark.parametrize(
    ("since", "alone", "hits"),
    [
        (OPENS - 1, True, 0),
        (OPENS, True, 1),
        (OPENS, False, 0),
        (CLOSES - 10 * MINUTE - 1, True, 1),
        (CLOSES - 10 * MINUTE, True, 0),
    ],
)
def test_a_terminal_that_goes_away_alone_in_open_hours_is_a_hit(
    since: int, alone: bool, hits: int
) -> None:
    away = [Absence(since, since + MINUTE, alone)]
    assert counted(unplugged.RULE, day((), (), away)) == (hits, 1)


def test_a_day_with_many_absences_is_one_hit_and_a_closed_day_no_trial() -> None:
    away = [Absence(OPENS + n * MINUTE, OPENS + n * MINUTE + 1, alone=True) for n in range(9)]
    assert unplugged.RULE.count(day((), (), away)) == Tally(1, 1, (OPENS,))
    assert counted(unplugged.RULE, day((), (), away, closed=True)) == (0, 0)


@pytest.mark.parametrize("quality", ["derived", "estimated"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_rule_looks_at_times_that_were_only_worked_out(rule: Rule, quality: str) -> None:
    worked_out = [
        visit(OPENS + n * MINUTE, 5_000, quality=quality, choice=choice, missed=n % 2 == 0)  # type: ignore[arg-type]
        for n, choice in enumerate(["satisfied"] * 30 + ["unsatisfied"] * 9)
    ]
    free = [Press(CLOSES + n * 60 * MINUTE, "satisfied", quality) for n in range(9)]  # type: ignore[arg-type]
    assert rule.count(day(worked_out, free)).hits == 0


def test_a_visit_is_as_sure_as_its_rating() -> None:
    sure = visit(OPENS, 5_000)
    assert sure.sure
    assert visit(OPENS).sure
    assert not replace(sure, press=Press(OPENS, "satisfied", "estimated")).sure
