"""Choices that nobody presses, looked for by ingest."""

import pytest

from fleet_server.core.days import day_of
from fleet_server.core.health import Silence
from fleet_server.core.participation import Counts
from fleet_server.store import daily, places, silences
from fleet_server.store.database import writing
from fleet_server.store.models import Change, Daily, Hourly
from fleet_server.store.silences import AT_ONCE, HOUR_MS, Rounds
from tests.fakes.desk import SAIGON

NOW = 1_000 * HOUR_MS + 5
DAY_MS = 24 * HOUR_MS
COUNTERS = AT_ONCE + 3


@pytest.fixture(autouse=True)
def counters(fleet: None) -> None:
    with writing():
        places.add_unit("U", "Unit")
        for number in range(COUNTERS):
            places.add_counter(f"C{number}", "Counter", 1)
            places.add_terminal(f"t-{number}", number + 1, 0)


def hour(counter: int, ago: int, served: int, very: int = 0, bad: int = 0) -> None:
    start = (1_000 - ago) * HOUR_MS
    Hourly.create(
        counter=counter, hour=start, day="2026-11-23", served=served, very_satisfied=very,
        unsatisfied=bad,
    )  # fmt: skip


def one_round(rounds: Rounds | None = None, now: int = NOW) -> None:
    rounds = rounds or Rounds(SAIGON)
    for _ in range(3):
        rounds.step(now)


def test_all_counters_are_looked_at_a_few_at_a_time() -> None:
    hour(1, 2, 60)
    hour(COUNTERS, 2, 60)
    rounds = Rounds(SAIGON)
    rounds.step(NOW)
    assert list(silences.of_counters()) == [1]
    one_round(rounds)
    assert silences.of_counters()[COUNTERS] == [Silence("", 60, 50, None)]


def test_the_running_hour_says_nothing_yet() -> None:
    hour(1, 1, 40)
    hour(1, 0, 40)
    one_round()
    assert silences.of_counters() == {}


def days(*told: tuple[int, int, int]) -> None:
    """Give the first counter days up to today: tickets, very satisfied, unsatisfied."""
    today = day_of(NOW, SAIGON)
    with writing():
        for ago, (served, very, bad) in enumerate(reversed(told)):
            name = day_of(today.start - ago * DAY_MS, SAIGON).name
            made = Counts(served=served, very_satisfied=very, unsatisfied=bad)
            daily.note(1, name, {"": made})


def test_a_choice_is_missed_by_days_that_are_over() -> None:
    days(*[(20, 7, 1)] * 10, *[(20, 7, 0)] * 14, (20, 7, 0))
    one_round()
    since = day_of(NOW, SAIGON).start - 14 * DAY_MS
    assert silences.of_counters()[1] == [Silence("unsatisfied", 280, 270, since)]


def test_no_silence_ends_with_the_press_of_one_citizen() -> None:
    """It ends the day after, and once the choice is among five that are given out."""
    history = [*[(20, 7, 1)] * 10, *[(20, 7, 0)] * 14]
    days(*history, (20, 7, 1))
    one_round()
    assert silences.of_counters()[1], "the running day says nothing yet"
    one_round(now=NOW + HOUR_MS)
    assert silences.of_counters()[1]
    Daily.delete().execute()
    days(*history, (20, 1, 1), (20, 0, 0))
    one_round()
    assert silences.of_counters()[1], "two ratings are not given out, so they say nothing"
    Daily.delete().execute()
    days(*history, (20, 1, 1), (20, 3, 0), (20, 7, 0))
    one_round()
    assert silences.of_counters() == {}, "the fifth came a day later, and they went together"


def test_days_before_the_terminal_came_count_nothing_either() -> None:
    with writing():
        places.move_terminal("t-0", 2, NOW - DAY_MS)
        places.move_terminal("t-0", 1, NOW - DAY_MS)
    days(*[(20, 7, 1)] * 10, *[(20, 7, 0)] * 14, (20, 7, 0))
    one_round()
    assert silences.of_counters() == {}


def test_what_was_served_before_the_terminal_came_counts_nothing() -> None:
    with writing():
        places.move_terminal("t-0", 2, (1_000 - 1) * HOUR_MS)
        places.move_terminal("t-0", 1, (1_000 - 1) * HOUR_MS)
    hour(1, 5, 500)
    one_round()
    assert silences.of_counters() == {}


def test_a_press_ends_the_silence_in_the_next_round_and_not_before() -> None:
    hour(1, 3, 20, very=5)
    hour(1, 2, 60)
    rounds = Rounds(SAIGON)
    one_round(rounds)
    assert [one.choice for one in silences.of_counters()[1]] == [""]
    noted = Change.select().count()
    hour(1, 0, 20, very=9)
    one_round(rounds)
    assert silences.of_counters()[1], "this hour's round is over"
    one_round(rounds, NOW + HOUR_MS)
    assert silences.of_counters() == {}
    one_round(rounds, NOW + 2 * HOUR_MS)
    assert Change.select().count() == noted + 1, "only what changes is written"
