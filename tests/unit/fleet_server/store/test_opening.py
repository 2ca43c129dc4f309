"""Who says when it is open, and what counters make of it."""

from zoneinfo import ZoneInfo

import pytest

from fleet_server.core.opening import FLEET, USUAL, Special, Week
from fleet_server.store import opening, places
from fleet_server.store.database import writing
from fleet_server.store.editing import Stale
from fleet_server.store.models import OpeningPlan

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY, TUESDAY = "2026-11-23", "2026-11-24"
MORNING = Week((((480, 690),),) * 7)


@pytest.fixture(autouse=True)
def units(fleet: None) -> None:
    with writing():
        places.add_unit("Q", "District", "district")
        places.add_unit("P", "Ward", "unit", 1)
        for code in ("A", "B"):
            places.add_counter(code, f"Counter {code}", 2)


def test_counters_that_ask_the_same_share_a_calendar() -> None:
    with writing():
        opening.set_week(("counter", 2), opening.NEW, MONDAY, MORNING)
    of = opening.calendars(ZONE)
    with writing():
        places.add_counter("C", "Counter C", 2)
    assert of(1) is of(1)
    assert opening.calendars(ZONE)(3).week(MONDAY)[0] == USUAL
    assert of(1) is not of(2)
    assert of(2).week(MONDAY) == (MORNING, ("counter", 2))
    assert of(None).week(MONDAY) == (USUAL, None)


def test_a_unit_inherits_from_the_one_above_and_a_counter_from_its_unit() -> None:
    with writing():
        opening.set_week(("unit", 1), opening.NEW, MONDAY, MORNING)
        opening.set_specials(FLEET, opening.NEW, [Special(TUESDAY, "Lễ")])
    for calendar in (
        opening.calendars(ZONE)(1),
        opening.of_holder(("unit", 2), ZONE),
        opening.of_holder(("counter", 1), ZONE),
    ):
        assert calendar.week(MONDAY) == (MORNING, ("unit", 1))
        assert not calendar.is_open(TUESDAY)
    assert opening.of_holder(FLEET, ZONE).week(MONDAY) == (USUAL, None)


def test_a_change_keeps_what_held_before_and_replaces_what_was_planned() -> None:
    with writing():
        opening.set_week(FLEET, opening.NEW, MONDAY, MORNING)
        opening.set_week(FLEET, 1, "2026-12-01", USUAL)
        opening.set_week(FLEET, 2, TUESDAY, None)
    plan = opening.plans()[FLEET]
    assert plan.weeks == {MONDAY: MORNING, TUESDAY: None}


def test_the_second_of_two_edits_is_refused() -> None:
    with writing():
        opening.set_week(FLEET, opening.NEW, MONDAY, MORNING)
        opening.set_specials(FLEET, opening.version(FLEET), [Special(MONDAY, "Lễ")])
    for held in (opening.NEW, 1, 7):
        with pytest.raises(Stale), writing():
            opening.drop_special(FLEET, held, MONDAY)
    with pytest.raises(Stale), writing():
        opening.set_week(("unit", 1), 3, MONDAY, MORNING)
    with writing():
        opening.drop_special(FLEET, 2, MONDAY)
    assert opening.plans()[FLEET].specials == {}
    assert opening.version(FLEET) == 3


def test_a_special_day_is_there_once() -> None:
    with writing():
        opening.set_specials(("unit", 2), opening.NEW, [Special(MONDAY, "Lễ")])
        opening.set_specials(("unit", 2), 1, [Special(MONDAY, "Bù", ((480, 690),))])
    assert opening.plans()["unit", 2].specials[MONDAY].spans == ((480, 690),)
    assert OpeningPlan.select().count() == 1
