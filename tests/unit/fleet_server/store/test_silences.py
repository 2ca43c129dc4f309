"""Choices that nobody presses, looked for by ingest."""

import pytest

from fleet_server.core.health import Silence
from fleet_server.store import places, silences
from fleet_server.store.database import writing
from fleet_server.store.models import Change, Hourly
from fleet_server.store.silences import AT_ONCE, HOUR_MS, Rounds

NOW = 1_000 * HOUR_MS + 5
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
    rounds = rounds or Rounds()
    for _ in range(3):
        rounds.step(now)


def test_all_counters_are_looked_at_a_few_at_a_time() -> None:
    hour(1, 2, 60)
    hour(COUNTERS, 2, 60)
    rounds = Rounds()
    rounds.step(NOW)
    assert list(silences.of_counters()) == [1]
    one_round(rounds)
    assert silences.of_counters()[COUNTERS] == [Silence("", 60, 50, None)]


def test_the_running_hour_says_nothing_yet() -> None:
    hour(1, 1, 40)
    hour(1, 0, 40)
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
    rounds = Rounds()
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
