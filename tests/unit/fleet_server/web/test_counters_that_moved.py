"""A counter that came to another unit: what its new unit sees of the days before."""

import re

import pytest

from fleet_server.core.roles import Grant
from fleet_server.store import places, users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.models import Counter, Unit
from tests.unit.fleet_server.web.conftest import PEOPLE, Site

BEFORE, MOVED, TODAY = "2026-11-19", "2026-11-21", "2026-11-22"
DAY, PERIOD = (
    "On this day the counter lay in a unit",
    "From 1 Nov 2026 to 20 Nov 2026 the counter lay",
)
BUTTONS = "From 8 Nov 2026 to 20 Nov 2026 the counter lay"


@pytest.fixture
def site(site: Site) -> Site:
    """The office, where a counter of one unit went to the other, whose viewer looks at it."""
    with writing():
        unit = Unit.get(Unit.code == "UBND-Q3").id
        places.move_counter(Counter.get(Counter.code == "P1-01").id, unit, MOVED)
        person = User.get(User.email == PEOPLE["viewer"])
        users.take(person.id, Grant("viewer", None))
        users.give(person.id, Grant("viewer", unit))
    for who in ("viewer", "administrator"):
        site.post("/language", who, language="en")
    return site


def said(site: Site, path: str, who: str = "viewer") -> str:
    answer = site.get(path, who)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_a_day_of_the_former_unit_is_not_shown_and_the_page_says_why(site: Site) -> None:
    path = f"/counters/P1-01?day={BEFORE}"
    page = said(site, path)
    assert DAY in page
    assert [one for one in ("Hours of the day", "Ratings that don't count") if one in page] == []
    assert 'id="hour-' not in site.get(path).text
    assert DAY not in said(site, path, "administrator")
    assert 'id="hour-' in site.get(path, "administrator").text


@pytest.mark.parametrize("day", [MOVED, TODAY])
def test_days_since_the_move_are_shown(site: Site, day: str) -> None:
    page = said(site, f"/counters/P1-01?day={day}")
    assert DAY not in page
    assert "Hours of the day" in page
    assert 'id="hour-' in site.get(f"/counters/P1-01?day={day}").text


def test_a_period_says_which_of_its_days_are_left_out(site: Site) -> None:
    assert PERIOD in said(site, "/counters/P1-01?period=2026-11")
    assert PERIOD not in said(site, "/counters/P1-01?period=2026-11", "administrator")
    assert "you may not see" not in said(site, "/counters/Q3-01?period=2026-11")


def test_the_terminals_page_shows_choices_of_days_since_the_move_only(site: Site) -> None:
    page = "/terminals/p1-01-t1"
    days = re.compile(r"/counters/P1-01\?day=(2026-11-\d\d)")
    assert days.findall(site.get(page).text) == [MOVED]
    assert BUTTONS in said(site, page)
    assert BEFORE in days.findall(site.get(page, "administrator").text)
    assert BUTTONS not in said(site, page, "administrator")


def test_a_terminal_whose_counter_came_today_says_why_it_shows_no_choices(site: Site) -> None:
    with writing():
        unit = Unit.get(Unit.code == "UBND-Q3").id
        places.move_counter(Counter.get(Counter.code == "P1-02").id, unit, TODAY)
    assert "From 8 Nov 2026 to 21 Nov 2026" in said(site, "/terminals/p1-02-t1")
    assert "/counters/P1-02?day=" not in site.get("/terminals/p1-02-t1").text
