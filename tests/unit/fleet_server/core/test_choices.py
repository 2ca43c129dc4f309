"""What may be told of choices: whole blocks of five ratings or more, and never a part of one."""

from collections.abc import Iterator
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_server.core.choices import ENOUGH_RATINGS, NONE, Choices, Running, beside, given_out

Cell = tuple[str, str, str]
"""Counter, day, service."""
Counts = dict[Cell, tuple[int, int]]
"""Ratings of each cell, and how many of them are unsatisfied."""


def test_a_days_choices_are_told_from_five_on() -> None:
    assert given_out([("1", "", Choices(3, 1, 1)), ("2", "", Choices(1, 1, 0))]) == [
        Choices(3, 1, 1),
        NONE,
    ]


def test_what_is_too_little_waits_for_the_next_days() -> None:
    days = [("1", "", Choices(2)), ("2", "", Choices(0, 2)), ("3", "", Choices(0, 0, 3))]
    assert given_out(days) == [NONE, NONE, Choices(2, 2, 3)]


def test_services_wait_each_for_itself() -> None:
    days = [("1", "a", Choices(3)), ("1", "b", Choices(0, 6)), ("2", "a", Choices(0, 0, 2))]
    assert given_out(days) == [NONE, Choices(0, 6), Choices(3, 0, 2)]


def published(counts: Counts) -> Iterator[tuple[int, int]]:
    """Every figure that any page can show: counters together, spans of days, one service or all."""
    told: dict[Cell, Choices] = {}
    for counter in sorted({cell[0] for cell in counts}):
        cells = sorted(cell for cell in counts if cell[0] == counter)
        made = [Choices(counts[c][0] - counts[c][1], 0, counts[c][1]) for c in cells]
        lines = [(c[1], c[2], one) for c, one in zip(cells, made, strict=True)]
        told |= dict(zip(cells, given_out(lines), strict=True))
    counters, days, services = (sorted({cell[at] for cell in counts}) for at in range(3))
    for which in [[one] for one in counters] + [counters]:
        for first, last in product(days, days):
            for service in [*services, "*"]:
                parts = [
                    one
                    for (counter, day, of), one in told.items()
                    if counter in which and first <= day <= last and service in (of, "*")
                ]
                whole = sum(parts, NONE)
                yield whole.total, whole.unsatisfied


def blocks(counts: Counts) -> dict[Cell, frozenset[Cell]]:
    """The cells with which each is given out, itself among them."""
    found: dict[Cell, frozenset[Cell]] = {}
    waiting: dict[tuple[str, str], list[Cell]] = {}
    for cell in sorted(counts, key=lambda cell: cell[1]):
        held = waiting.setdefault((cell[0], cell[2]), [])
        held.append(cell)
        if sum(counts[one][0] for one in held) >= ENOUGH_RATINGS:
            found |= dict.fromkeys(held, frozenset(held))
            held.clear()
    return found


@pytest.mark.parametrize("seed", range(60))
def test_all_figures_together_tell_no_more_of_a_few_ratings_than_the_block_they_are_in(
    seed: int,
) -> None:
    random = Random(seed)
    cells = list(product("AB", "12", "xy")) if seed % 3 else list(product("A", "1234", "xy"))
    if seed % 3:
        cells = random.sample(cells, 5)
    totals = {cell: random.randint(0, 3 if len(cells) > 5 else 6) for cell in cells}
    truth = {cell: (total, random.randint(0, total)) for cell, total in totals.items()}
    seen = list(published(truth))
    possible: dict[Cell, set[int]] = {cell: set() for cell in cells}
    for guess in product(*(range(totals[cell] + 1) for cell in cells)):
        counts = {cell: (totals[cell], bad) for cell, bad in zip(cells, guess, strict=True)}
        if all(a == b for a, b in zip(published(counts), seen, strict=True)):
            for cell, bad in zip(cells, guess, strict=True):
                possible[cell].add(bad)
    together = blocks(truth)
    for cell in cells:
        if 0 < totals[cell] < ENOUGH_RATINGS:
            block = together.get(cell, frozenset())
            whole = sum(totals[one] for one in block)
            bad = sum(truth[one][1] for one in block)
            # Where all of a block chose the same, so did each: that five ratings may say.
            assert len(possible[cell]) > 1 or (block and bad in (0, whole)), (cell, truth)


def test_hours_that_are_too_few_are_not_found_by_taking_the_others_away() -> None:
    six, seven, one = Choices(4, 1, 1), Choices(5, 1, 1), Choices(0, 0, 1)
    assert beside(six + seven + one, [six, one, seven]) == [NONE, NONE, seven]
    assert beside(six + seven, [six, seven]) == [six, seven]
    assert beside(one, [one]) == [NONE]


def test_a_running_days_choices_are_told_once_five_more_were_made() -> None:
    running, told = Running(), []
    for n in range(17):
        running = running.after(Choices(n))
        told.append(running.shown.total)
    assert told == [*[0] * 10, *[5] * 5, 10, 10]


def test_ratings_that_come_together_wait_together() -> None:
    backlog = Running().after(Choices(30, 5, 5))
    assert backlog.shown == NONE
    assert backlog.after(Choices(32, 6, 6)).shown == NONE
    assert backlog.after(Choices(33, 6, 6)).shown == Choices(30, 5, 5)


def test_a_running_day_never_tells_of_more_than_was_made() -> None:
    running = Running(shown=Choices(9), coming=Choices(14))
    assert running.after(Choices(8)) == Running(shown=NONE, coming=Choices(8))
    assert running.after(Choices(13)) == running


def test_what_is_left_of_a_day_that_was_taken_back_waits_for_five_too() -> None:
    running = Running(shown=Choices(9), coming=Choices(14)).after(Choices(0, 0, 3))
    assert running == Running(NONE, NONE)
    assert running.after(Choices(4, 0, 4)) == Running(NONE, Choices(4, 0, 4))


@given(st.lists(st.sampled_from([Choices(1), Choices(0, 1), Choices(0, 0, 1)]), max_size=60))
def test_what_a_running_day_told_and_what_it_tells_when_over_are_a_block_apart(
    presses: list[Choices],
) -> None:
    running, made, before = Running(), NONE, NONE
    for press in presses:
        made += press
        running = running.after(made)
        assert running.shown == before or running.shown.total - before.total >= ENOUGH_RATINGS
        before = running.shown
    assert before == NONE or made.total - before.total >= ENOUGH_RATINGS
