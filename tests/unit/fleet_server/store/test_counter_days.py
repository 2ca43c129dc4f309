"""A counter's day as the rules against cheating look at it, out of what was told and recorded."""

import pytest

from fleet_server.core.days import named_day
from fleet_server.core.opening import FLEET, Week
from fleet_server.core.signals.evidence import CounterDay, Press, Visit
from fleet_server.core.tree import BEGINNING
from fleet_server.store import opening, queue_events
from fleet_server.store.counter_days import CounterDays
from fleet_server.store.database import writing
from tests.fakes.desk import DAY, HOUR, MINUTE, NINE, SAIGON, SECOND, Desk

pytestmark = pytest.mark.usefixtures("fleet")


def day(counter: int = 1) -> CounterDay:
    return CounterDays(SAIGON).of(counter, DAY)


def told(event: str, after: float, ticket: str = "A017") -> None:
    word = queue_events.Word("C1", ticket, event, f"q-{ticket}")  # type: ignore[arg-type]  # names
    queue_events.take(word, NINE + int(after), SAIGON)


def test_a_visit_has_the_times_of_the_terminals_own_clock() -> None:
    desk = Desk()
    told("called", 0)
    desk.ticket("v", "called", 2 * SECOND)
    told("closed", 5 * MINUTE)
    desk.ticket("v", "closed", 5 * MINUTE + 3 * SECOND)
    desk.rate("v", 5 * MINUTE + 9 * SECOND, "unsatisfied")
    [visit] = day().visits
    press = Press(NINE + 5 * MINUTE + 9 * SECOND, "unsatisfied")
    called, closed = NINE + 2 * SECOND, NINE + 5 * MINUTE + 3 * SECOND
    assert visit == Visit(called, closed, served=True, press=press)


def test_of_what_the_terminal_never_heard_the_queue_system_knows_the_times() -> None:
    desk = Desk()
    told("called", 0)
    told("closed", MINUTE)
    desk.ticket("w", "called", 5 * MINUTE, ticket="A018")
    first, second = day().visits
    assert first == Visit(NINE, NINE + MINUTE, served=True, missed=True)
    assert second == Visit(NINE + 5 * MINUTE, None, served=False)


def test_a_visit_that_nobody_closed_has_no_end_and_one_called_again_the_first_call() -> None:
    desk = Desk()
    desk.ticket("v", "called", 0)
    desk.ticket("v", "recalled", MINUTE)
    desk.ticket("w", "called", 5 * MINUTE, ticket="A018")
    assert day().visits[0] == Visit(NINE, None, served=True)


def test_a_time_that_is_not_exact_is_said_to_be_so() -> None:
    desk = Desk()
    desk.reboot(0, clock="unset")
    desk.ticket("v", "called", 0)
    desk.ticket("v", "closed", MINUTE)
    desk.rate("v", MINUTE + SECOND)
    [visit] = day().visits
    assert visit.press is not None
    assert (visit.quality, visit.press.quality, visit.sure) == ("estimated", "estimated", False)


def test_ratings_that_stand_and_those_without_a_visit_are_looked_at_and_no_others() -> None:
    desk = Desk()
    desk.ticket("v", "called", 0)
    desk.rate("v", MINUTE, "unsatisfied")
    desk.rate("v", MINUTE + 3 * SECOND, "satisfied", replaces=desk.seq)
    desk.rate("v", 2 * MINUTE, "very_satisfied", contested=True)
    desk.rate(None, 3 * MINUTE)
    desk.rate(None, 4 * MINUTE, disputed=True)
    desk.rate("nobody-told-of-it", 5 * MINUTE)
    found = day()
    assert [one.press for one in found.visits] == [Press(NINE + MINUTE + 3 * SECOND, "satisfied")]
    assert [one.at - NINE for one in found.unbound] == [3 * MINUTE, 5 * MINUTE]


def test_a_day_is_open_when_its_hours_say_so() -> None:
    Desk()
    assert day().open == ()  # a Sunday
    with writing():
        opening.set_week(FLEET, opening.NEW, BEGINNING, Week((((480, 720),),) * 7))
    start = named_day(DAY, SAIGON).start
    assert day().open == ((start + 8 * HOUR, start + 12 * HOUR),)
