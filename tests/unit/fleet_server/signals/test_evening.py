"""Signs of cheating are looked for when a day is over, out of what really came in."""

import pytest

from fleet_server.core.opening import FLEET, Special
from fleet_server.signals import evening
from fleet_server.store import opening, rollups
from fleet_server.store.database import writing
from fleet_server.store.models import CounterTally, Signal, TallyDue
from tests.fakes.desk import DAY, HOUR, MINUTE, NINE, SAIGON, SECOND, Desk
from tests.fakes.shadow import FORGED, presses_after_closing

pytestmark = pytest.mark.usefixtures("fleet")

NEXT = NINE + 24 * HOUR


def test_a_clerk_who_presses_after_closing_is_found_the_day_after() -> None:
    presses_after_closing(Desk())
    evening.look(NINE + 12 * HOUR, SAIGON)
    assert Signal.select().count() == CounterTally.select().count() == 0
    evening.look(NEXT, SAIGON)
    [signal] = Signal.select()
    assert (signal.rule, signal.hits, signal.of) == ("soon_after_close", FORGED, FORGED)
    assert (signal.since, signal.until) == (DAY, DAY)
    assert len(signal.moments) == FORGED
    assert TallyDue.select().count() == 0


def test_who_is_honest_is_not() -> None:
    desk = Desk()
    for number, wait in enumerate((20, 35, 8, 50, 12, 90, 33, 41, 18, 27)):
        at, visit = number * 7 * MINUTE + wait * SECOND, f"v{number}"
        desk.ticket(visit, "called", at, ticket=f"A{number}")
        desk.rate(visit, at + (60 + wait) * SECOND)
        desk.ticket(visit, "closed", at + 2 * MINUTE + wait * SECOND, ticket=f"A{number}")
    evening.look(NEXT, SAIGON)
    assert (Signal.select().count(), CounterTally.select().count()) == (0, 1)


def test_what_comes_late_has_its_day_counted_anew_and_looked_at() -> None:
    desk = Desk()
    presses_after_closing(desk, many=5)
    evening.look(NEXT, SAIGON)
    assert Signal.select().count() == 0
    presses_after_closing(desk, first=5 * HOUR, name="w")
    evening.look(NEXT + 24 * HOUR, SAIGON)
    assert Signal.get().hits == FORGED + 5


def test_looked_at_again_nothing_new_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    presses_after_closing(Desk())
    evening.look(NEXT, SAIGON)
    monkeypatch.setattr(evening, "CounterDays", lambda _zone: pytest.fail("nothing was due"))
    evening.look(NEXT + HOUR, SAIGON)
    assert Signal.select().count() == 1


def test_a_round_takes_a_part_and_the_next_one_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evening, "AT_ONCE", 1)
    for number in (1, 2):
        Desk(f"t-{number}", f"C{number}").rate(None, MINUTE)
    evening.look(NEXT, SAIGON)
    assert [row.counter_id for row in CounterTally.select()] == [1]
    evening.look(NEXT + MINUTE, SAIGON)
    assert CounterTally.select().count() == 2


def test_hours_that_were_entered_late_have_the_day_counted_anew() -> None:
    Desk().rate(None, MINUTE)
    evening.look(NEXT, SAIGON)
    assert CounterTally.get().tallies["outside_hours"][:2] == [1, 1]  # a Sunday
    with writing():
        opening.set_specials(FLEET, opening.NEW, [Special(DAY, "Ngày làm bù", ((480, 720),))])
    evening.look(NEXT, SAIGON)
    assert CounterTally.get().tallies["outside_hours"] == [0, 1, []]


def test_a_recount_finds_a_tally_that_is_not_what_the_day_says_and_has_it_counted_anew() -> None:
    presses_after_closing(Desk(), many=3)
    evening.look(NEXT, SAIGON)
    assert rollups.recount(SAIGON).differences == []
    CounterTally.update(tallies={"soon_after_close": [1, 3, []]}).execute()
    [odd] = rollups.recount(SAIGON).differences
    assert (odd.counter, odd.day, odd.what) == ("C1", DAY, "signs of cheating")
    assert rollups.recount(SAIGON, fix=True).differences == [odd]
    evening.look(NEXT, SAIGON)
    assert rollups.recount(SAIGON).differences == []
