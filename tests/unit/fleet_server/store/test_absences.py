"""A terminal was away: alone, or as others were too."""

import pytest

from fleet_server.core.days import named_day
from fleet_server.core.signals.evidence import Absence
from fleet_server.store import places
from fleet_server.store.absences import Absences
from fleet_server.store.models import DeafSpan, TerminalEvent, TerminalSpan, Unit
from tests.fakes.desk import DAY, HOUR, MINUTE, NINE, SAIGON, Desk

pytestmark = pytest.mark.usefixtures("fleet")
DAY_OF = named_day(DAY, SAIGON)


@pytest.fixture(autouse=True)
def neighbours(fleet: None) -> None:
    """Two counters of an office, and one of another."""
    for number in (1, 2):
        Desk(f"t-{number}", f"C{number}")
    other = places.add_unit("V", "Another")
    places.add_counter("C3", "Elsewhere", other.id)
    places.add_terminal("t-3", 3, 0)
    for number in (1, 2, 3):
        TerminalEvent.create(terminal=f"t-{number}", at=0, kind="first", details={})


def was(number: int, since: int, until: int | None, kind: str = "gone") -> None:
    end = None if until is None else NINE + until
    TerminalSpan.create(terminal=f"t-{number}", kind=kind, since=NINE + since, until=end)


def absences(counter: int = 1) -> tuple[Absence, ...]:
    return Absences(DAY_OF).of(counter)


def test_one_that_is_away_while_its_neighbour_is_there_is_alone() -> None:
    was(1, 0, 5 * MINUTE)
    was(1, HOUR, HOUR + MINUTE, "off")
    assert absences() == (
        Absence(NINE, NINE + 5 * MINUTE, alone=True),
        Absence(NINE + HOUR, NINE + HOUR + MINUTE, alone=True),
    )
    assert absences(2) == ()


@pytest.mark.parametrize("kind", ["gone", "off", "silent"])
def test_what_takes_the_neighbour_too_is_a_power_cut(kind: str) -> None:
    was(1, 0, 5 * MINUTE)
    was(2, 4 * MINUTE, 9 * MINUTE, kind)
    assert [one.alone for one in absences()] == [False]


def test_a_cut_that_takes_some_of_an_office_excuses_them_whoever_else_is_there() -> None:
    Desk("t-4", "C4")
    TerminalEvent.create(terminal="t-4", at=0, kind="first", details={})
    was(1, 0, 5 * MINUTE)
    was(2, 0, 5 * MINUTE)
    assert [one.alone for one in (*absences(), *absences(2))] == [False, False]


def test_that_of_another_office_excuses_nobody_nor_is_it_a_witness() -> None:
    was(1, 0, 5 * MINUTE)
    was(3, 0, 5 * MINUTE)
    assert [one.alone for one in absences()] == [True]
    assert [one.alone for one in absences(3)] == [False]


def test_one_that_has_been_away_since_yesterday_tells_nothing() -> None:
    was(1, 0, 5 * MINUTE)
    was(2, -24 * HOUR, None)
    assert [one.alone for one in absences()] == [False]  # no witness is left
    Desk("t-4", "C4")
    TerminalEvent.create(terminal="t-4", at=0, kind="first", details={})
    assert [one.alone for one in absences()] == [True]


def test_a_neighbour_that_never_was_heard_is_no_witness() -> None:
    TerminalEvent.delete().where(TerminalEvent.terminal == "t-2").execute()
    was(1, 0, 5 * MINUTE)
    assert [one.alone for one in absences()] == [False]


def test_silence_may_be_the_network_and_is_no_absence() -> None:
    was(1, 0, 5 * MINUTE, "silent")
    was(1, HOUR, 2 * HOUR, "alert")
    assert absences() == ()


def test_while_the_server_heard_nobody_everybody_was_away_and_nobody_alone() -> None:
    DeafSpan.create(since=NINE, until=NINE + MINUTE)
    was(1, 30_000, 5 * MINUTE)
    assert absences() == (
        Absence(NINE, NINE + MINUTE, alone=False),
        Absence(NINE + 30_000, NINE + 5 * MINUTE, alone=False),
    )


def test_only_the_time_in_which_it_stood_there_on_that_day_counts() -> None:
    was(1, -24 * HOUR, 0)
    was(1, 2 * HOUR, None)
    places.move_terminal("t-1", None, NINE + 3 * HOUR, unit=Unit.get(Unit.code == "U").id)
    assert [(one.since, one.until) for one in absences()] == [
        (DAY_OF.start, NINE),
        (NINE + 2 * HOUR, NINE + 3 * HOUR),
    ]
