"""The wall screen: today and what is broken, for a screen that nobody touches."""

import re

import pytest

from fleet_server.store import database
from fleet_server.store.models import Matter, TerminalStatus
from tests.fakes.office import TODAY, counted
from tests.fakes.reading import text_of
from tests.unit.fleet_server.web.conftest import Site

MINUTE_MS = 60_000


def english(site: Site, path: str = "/wall", who: str = "viewer") -> str:
    site.post("/language", who, language="en")
    return site.get(path, who).text


def test_it_shows_todays_figures_of_the_whole_fleet(site: Site) -> None:
    held = counted(TODAY, TODAY).values()
    words = text_of(english(site))
    assert f"Served {sum(one.served for one in held)} " in words
    assert "target 40%" in words


def test_it_counts_the_terminals_by_how_they_are_and_names_those_in_trouble(site: Site) -> None:
    words = text_of(english(site))
    assert "3 ✕ Need somebody 0 ▲ To watch 3 ● Working 1 ○ Not in use" in words
    lost = "✕ Lost: connection lost, records don't arrive , 52 min ago"
    assert f"Quầy 3 – Đất đai UBND phường Bến Nghé {lost}" in words


def test_it_says_so_where_nothing_is_in_trouble(site: Site) -> None:
    with database.writing():
        TerminalStatus.update(
            state="ready", last_seen=site.now, waiting=0, clock="synced"
        ).execute()
        Matter.update(closed_at=site.now).execute()
    assert "● Every terminal that should work does." in text_of(english(site))


def test_it_shows_one_branch_where_asked(site: Site) -> None:
    words = text_of(english(site, "/wall?unit=UBND-Q3"))
    assert "Trung tâm hành chính công Quận 3" in words
    assert "Đất đai" not in words
    assert "2 ✕ Need somebody" in words


@pytest.mark.parametrize("path", ["/wall?unit=NOWHERE", "/wall/x"])
def test_a_unit_that_is_not_there_has_no_wall(site: Site, path: str) -> None:
    assert site.get(path).status_code == 404


def test_who_may_not_see_terminals_sees_figures_alone(site: Site) -> None:
    words = text_of(english(site, who="interviewer"))
    assert "Served" in words
    assert "Need somebody" not in words


def test_it_has_no_navigation_and_nothing_to_press(site: Site) -> None:
    html = site.get("/wall").text
    assert "<nav" not in html
    assert "<form" not in html
    assert re.findall(r'<a [^>]*href="([^"]+)"', html) == ["/"]


def test_it_stands_a_little_to_the_side_every_minute(site: Site) -> None:
    places = []
    for _ in range(5):
        found = re.search(r'class="screen (place-\d)"', site.get("/wall").text)
        assert found
        places.append(found[1])
        site.now += MINUTE_MS
    assert len(set(places[:4])) == 4
    assert places[4] == places[0]


def test_a_fleet_without_anything_has_a_wall_too(empty_site: Site) -> None:
    assert "No terminals yet." in text_of(english(empty_site))
