"""A queue system's words about days that are over: kept, counted as served, moving no rating."""

from collections.abc import Iterable
from typing import Any

import pytest

from fleet_server.core.participation import COUNTED
from fleet_server.store import queue_events, rollups
from fleet_server.store.database import rows
from fleet_server.store.models import Daily, Hourly, Monthly, TicketEvent, UnitDaily, Visit
from fleet_server.store.pages import lines
from fleet_server.store.queue_events import MOST_SERVICES, Refused, Word
from tests.fakes.desk import DAY, HOUR, MINUTE, NINE, SAIGON, Desk
from wire.records import CHOICES, TICKET_EVENTS

pytestmark = pytest.mark.usefixtures("fleet")

NEXT_DAY = NINE + 24 * HOUR
RATINGS = tuple(name for name in COUNTED if name != "served")
OVER = ("2026-11-20", "2026-11-22")


def tell(
    event: str,
    visit: str | None,
    after: int = 0,
    *,
    ticket: str = "A017",
    now: int | None = None,
    **more: Any,
) -> str:
    """Let the queue system tell something, just then or at another time."""
    word = Word("C1", ticket, event, visit, NINE + after, **more)  # type: ignore[arg-type]  # a name
    return queue_events.take(word, NINE + after if now is None else now, SAIGON)


def tell_late(event: str, visit: str | None, after: int = 0, **more: Any) -> str:
    """Let the queue system tell something on the day after."""
    return tell(event, visit, after, now=NEXT_DAY, **more)


def ratings() -> dict[str, Any]:
    """Return all figures of ratings, exact and told, wherever pages and programs read them."""
    tables = {
        table.__name__: _rated(table, keys)
        for table, keys in (
            (Hourly, ("counter", "hour")),
            (Daily, ("counter", "day", "service")),
            (Monthly, ("counter", "month", "service")),
            (UnitDaily, ("unit", "day", "service")),
        )
    }
    pages = {
        "counters": lines.by_counter(*OVER),
        "days": lines.counter_days([1, 2], *OVER),
        "units": lines.by_unit(*OVER),
        "unit's days": lines.unit_days(None, *OVER),
        "services": lines.by_service(None, *OVER, letters=10),
        "counter's services": lines.services_of(1, *OVER),
    }
    told = {
        name: {
            key: ([getattr(line.sums, one) for one in RATINGS], line.told)
            for key, line in found.items()
            if any(getattr(line.sums, one) for one in RATINGS)
        }
        for name, found in pages.items()
    }
    return tables | told


def _rated(table: Any, keys: Iterable[str]) -> list[tuple[Any, ...]]:
    told = () if table is Hourly else ("told_very", "told_fair", "told_poor")
    names = (*RATINGS, *told)
    found = rows(table.select(*(getattr(table, name) for name in (*keys, *names))))
    return sorted(row for row in found if any(row[-len(names) :]))


def served() -> int:
    return sum(row.served for row in Daily.select())


@pytest.fixture
def desk() -> Desk:
    """A counter whose day is told in blocks: with a service, without, and a visit without end."""
    desk = Desk()
    for number in range(12):
        at, visit = number * 10 * MINUTE, f"q{number}"
        service = "Hộ tịch" if number < 6 else None
        tell("called", visit, at, ticket=f"A{number}", service=service)
        if number != 9:
            desk.rate(visit, at + MINUTE, CHOICES[number % 3])
        if number in (1, 7):
            tell("no_show", visit, at + 2 * MINUTE, ticket=f"A{number}")
        if number in (2, 8):
            tell("closed", visit, at + 2 * MINUTE, ticket=f"A{number}")
    desk.rate("loose", 3 * HOUR, "unsatisfied")
    desk.ticket("own", "called", 4 * HOUR, ticket="B1")
    desk.rate("own", 4 * HOUR + MINUTE)
    return desk


@pytest.mark.parametrize("event", TICKET_EVENTS)
def test_a_late_word_of_any_kind_moves_no_rating(desk: Desk, event: str) -> None:
    before = ratings()
    assert before["counter's services"]["Hộ tịch"][1].total == 6
    for number in range(12):
        for service in ("Hộ tịch", f"S{number}"):
            for after in (-3 * HOUR, number * 10 * MINUTE + 3 * MINUTE, 8 * HOUR):
                tell_late(event, f"q{number}", after, ticket=f"A{number}", service=service)
    assert ratings() == before


@pytest.mark.parametrize("event", TICKET_EVENTS)
def test_a_late_visit_takes_no_rating_to_another_figure(desk: Desk, event: str) -> None:
    before = ratings()
    tell_late(event, "loose", -24 * HOUR, ticket="A99", service="Hộ tịch")
    tell_late(event, "new", 9 * HOUR, ticket="B1", service="Hộ tịch")
    tell_late(event, "after-all", 9 * HOUR, ticket="A98")
    assert ratings() == before
    assert rollups.recount(SAIGON).differences == []


@pytest.mark.parametrize("now", [NINE, NEXT_DAY])
def test_a_late_visit_by_the_id_of_another_counters_takes_no_ratings(now: int) -> None:
    desk = Desk()
    Desk("t-2", "C2").ticket("q1", "called", 0)
    desk.rate("q1", -24 * HOUR)
    before = ratings()
    assert tell("called", "q1", now=now, service="Hộ tịch") == "q1"
    assert tell("closed", "q1", MINUTE, now=now + MINUTE) == "q1"
    assert ratings() == before
    assert served() == 1
    assert rollups.recount(SAIGON).differences == []


def test_ratings_of_today_are_bound_to_a_visit_that_is_told_of_today() -> None:
    desk = Desk()
    desk.rate("q1", 0)
    tell("closed", "q1", MINUTE)
    assert [row.rated for row in Daily.select()] == [1]


def test_ratings_of_a_day_that_is_over_are_not_bound_to_a_visit_of_today() -> None:
    desk = Desk()
    desk.rate("q1", -24 * HOUR)
    before = ratings()
    tell("closed", "q1", service="Hộ tịch")
    assert ratings() == before


def test_a_terminals_word_binds_what_a_late_word_left_apart() -> None:
    desk = Desk()
    desk.rate("q1", 0)
    tell_late("called", "q1", -24 * HOUR, service="Hộ tịch")
    assert [(row.day, row.service) for row in Daily.select() if row.satisfied] == [(DAY, "")]
    desk.ticket("q1", "called", MINUTE, day=DAY, received=24 * HOUR)
    desk.ticket("q1", "closed", 2 * MINUTE, day=DAY, received=24 * HOUR)
    [row] = Daily.select()
    assert (row.day, row.service, row.served, row.rated) == (DAY, "", 1, 1)
    assert rollups.recount(SAIGON).differences == []


def test_what_a_terminal_signed_in_time_counts_however_late_it_comes() -> None:
    desk = Desk()
    tell("called", "q1")
    desk.rate("q1", MINUTE)
    tell("called", "q2", 5 * MINUTE, ticket="A2")
    desk.ticket("q2", "no_show", 6 * MINUTE, ticket="A2", received=48 * HOUR)
    desk.ticket("q1", "closed", 2 * MINUTE, received=48 * HOUR)
    assert {row.id: row.ended for row in Visit.select()} == {"q1": "closed", "q2": "no_show"}
    assert not TicketEvent.select().where(TicketEvent.late).exists()


def test_a_visit_that_only_late_words_tell_of_is_counted_as_served(desk: Desk) -> None:
    before = served()
    tell_late("called", "q99", ticket="A99", service="Chứng thực")
    tell_late("closed", "q99", MINUTE, ticket="A99")
    assert served() == before + 1
    assert Visit.get_by_id("q99").service == "Chứng thực"


def test_a_late_word_names_the_service_of_a_visit_that_nobody_rated(desk: Desk) -> None:
    tell_late("closed", "q9", 2 * HOUR, ticket="A9", service="Chứng thực")
    assert Visit.get_by_id("q9").service == "Chứng thực"
    tell_late("closed", "q10", 2 * HOUR, ticket="A10", service="Chứng thực")
    assert Visit.get_by_id("q10").service is None
    assert TicketEvent.select().where(TicketEvent.late).count() == 2


def test_a_word_about_yesterdays_visit_is_late_whatever_time_it_names(desk: Desk) -> None:
    before = ratings()
    tell("no_show", "q11", 24 * HOUR, ticket="A11", service="Hộ tịch")
    assert TicketEvent.get(TicketEvent.late).visit_id == "q11"
    assert ratings() == before


def test_a_word_is_in_time_until_the_day_ends_in_the_fleets_zone() -> None:
    Desk()
    midnight = NINE + 15 * HOUR
    tell("called", "q1", now=midnight - 1)
    tell("called", "q2", MINUTE, ticket="A2", now=midnight)
    late = {one.visit_id: one.late for one in TicketEvent.select()}
    assert late == {"q1": False, "q2": True}


def test_the_day_of_a_visit_is_not_moved_by_late_words() -> None:
    desk = Desk()
    desk.ticket("q1", "called", 0)
    desk.rate("q1", MINUTE)
    tell_late("called", "q1", -30 * HOUR)
    desk.ticket("q1", "closed", 24 * HOUR)
    [visit] = Visit.select()
    assert (visit.day, visit.first_at, visit.ended) == (DAY, NINE, "closed")


def test_late_words_do_not_keep_a_visit_from_the_day_that_its_terminals_clock_comes_to() -> None:
    desk = Desk()
    desk.reboot(0, "unset")
    desk.ticket("q1", "called", MINUTE, received=24 * HOUR)
    tell("closed", "q1", 24 * HOUR, now=NINE + 48 * HOUR)
    desk.set_clock(2 * MINUTE, received=49 * HOUR)
    assert Visit.get_by_id("q1").day == DAY


def test_a_rating_leaves_its_own_day_when_a_terminal_tells_of_its_visit_on_another() -> None:
    desk = Desk()
    Desk("t-2", "C2").ticket("q1", "called", 0)
    desk.rate("q1", -24 * HOUR)
    desk.ticket("q1", "called", 0)
    assert [row.day for row in Daily.select() if row.satisfied] == [DAY]
    assert rollups.recount(SAIGON).differences == []


def test_a_counter_has_up_to_fifty_services_in_a_month() -> None:
    Desk()
    for number in range(MOST_SERVICES):
        tell("called", f"q{number}", ticket=f"A{number}", service=f"S{number}")
    with pytest.raises(Refused, match="C1 has had 50 services in 2026-11") as no:
        tell("called", "more", ticket="A99", service="S50")
    assert no.value.status == 409
    assert not Visit.select().where(Visit.id == "more").exists()
    tell("called", "more", ticket="A99", service="S7")
    tell("called", "none", ticket="A98")
    tell("called", "next", 24 * HOUR * 9, ticket="A97", service="S50")
    assert Visit.get_by_id("next").day == "2026-12-01"


def held(visit: str) -> tuple[str, str | None, str | None]:
    """Return a visit's day, service and end."""
    found = Visit.get_by_id(visit)
    return found.day, found.service, found.ended


def backlog(desk: Desk, *closing: str) -> None:
    """Let a terminal that was away tell of a visit of yesterday that was rated."""
    later = 24 * HOUR + MINUTE
    desk.ticket("V", "called", 0, day=DAY, received=later)
    desk.rate("V", MINUTE, "unsatisfied", received=later)
    for event in closing:
        desk.ticket("V", event, 2 * MINUTE, day=DAY, received=later)


def test_a_visit_is_of_the_day_that_its_terminal_signed_whatever_was_told_the_day_after() -> None:
    desk = Desk()
    tell("called", "V", 24 * HOUR, service="Other")
    backlog(desk, "closed")
    assert held("V") == (DAY, None, "closed")
    assert [(row.day, row.service, row.rated) for row in Daily.select() if row.served] == [
        (DAY, "", 1)
    ]


def test_what_was_told_the_day_after_ends_no_visit_of_the_day_before() -> None:
    desk = Desk()
    tell("called", "V", 24 * HOUR)
    tell("no_show", "V", 24 * HOUR + MINUTE)
    backlog(desk)
    assert held("V") == (DAY, None, None)


def test_a_late_service_is_not_that_of_ratings_which_come_after_it() -> None:
    desk = Desk()
    tell_late("called", "k1", service="Angry")
    backlog(desk, "closed")
    assert held("k1") == (DAY, None, "closed")


def test_a_clock_that_is_ahead_puts_no_visit_of_today_into_tomorrow() -> None:
    desk, late = Desk(), 14 * HOUR + 57 * MINUTE
    tell("called", "V", late + 4 * MINUTE, now=NINE + late)
    desk.ticket("V", "called", late, day=DAY)
    desk.rate("V", late + MINUTE, "unsatisfied")
    assert held("V")[0] == DAY


def test_the_end_of_a_visit_is_taken_whatever_service_is_named_beside_it() -> None:
    Desk()
    for number in range(MOST_SERVICES):
        tell("called", f"v{number}", number * 1_000, ticket=f"B{number}", service=f"S{number}")
    tell("closed", "v1", 2 * MINUTE, ticket="B1", service="one more")
    assert held("v1") == (DAY, "S1", "closed")
