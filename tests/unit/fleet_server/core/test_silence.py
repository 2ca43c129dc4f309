"""Is a button silent because nobody wants it?"""

import pytest

from fleet_server.core.choices import Choices
from fleet_server.core.health import Silence
from fleet_server.core.silence import (
    HOUR_MS,
    LEAST_PRESSES,
    LEAST_SERVED,
    WITHOUT_HISTORY,
    Day,
    Hour,
    most_without,
    silences,
)


def hours(*told: tuple[int, int]) -> list[Hour]:
    return [Hour(n * HOUR_MS, served, pressed) for n, (served, pressed) in enumerate(told)]


def days(*told: tuple[int, tuple[int, int, int]]) -> list[Day]:
    return [
        Day((n + 1) * DAY_MS, served, Choices(*given)) for n, (served, given) in enumerate(told)
    ]


DAY_MS = 24 * HOUR_MS
BUSY = (20, (5, 2, 1))
"""A day on which 40 % of the tickets were rated, one in twenty as bad."""


@pytest.mark.parametrize(
    ("served", "pressed", "most"),
    [(100, 5, 270), (1000, 10, 1375), (100, 40, LEAST_SERVED), (100, 100, 50), (0, 0, 50)],
)
def test_the_rarer_a_choice_is_the_longer_it_may_stay_away(
    served: int, pressed: int, most: int
) -> None:
    assert most_without(served, pressed) == most


def test_a_choice_that_was_usual_and_stays_away_is_told_with_its_last_day() -> None:
    quiet = [(20, (5, 2, 0))] * 14
    assert silences([], days(*[BUSY] * 10, *quiet)) == [
        Silence("unsatisfied", 280, 270, since=10 * DAY_MS)
    ]
    assert silences([], days(*[BUSY] * 10, *quiet[:13])) == []


def test_a_choice_that_was_never_usual_is_not_missed() -> None:
    assert silences([], days(*[(20, (5, 2, 0))] * 100)) == []
    assert silences([], days(*[BUSY] * (LEAST_PRESSES - 1), *[(20, (5, 2, 0))] * 100)) == []


def test_where_nobody_presses_anything_that_alone_is_told() -> None:
    quiet = days(*[BUSY] * 10, *[(20, (0, 0, 0))] * 14)
    assert [one.choice for one in silences([], quiet)] == ["very_satisfied", "satisfied",
                                                           "unsatisfied"]  # fmt: skip
    assert silences(hours((WITHOUT_HISTORY, 0)), quiet) == [Silence("", 50, 50, None)]
    found = silences(hours(*[(20, 8)] * 20, *[(20, 0)] * 50), [])
    assert [(one.choice, one.served, one.since) for one in found] == [("", 1000, 20 * HOUR_MS)]


def test_a_quiet_morning_is_no_silence() -> None:
    assert silences(hours((WITHOUT_HISTORY - 1, 0)), []) == []
    assert silences([], []) == []
