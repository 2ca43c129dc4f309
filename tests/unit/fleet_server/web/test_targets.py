"""Targets are set from a day on, by who may, and nothing that held is changed."""

import pytest

from fleet_server.core.targets import Goal
from fleet_server.store import audit_log, places, targets
from fleet_server.store.database import writing
from fleet_server.store.models import Target
from tests.fakes.grants import confine
from tests.fakes.reading import row, text_of
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english

PAGE = "/settings/targets"
TODAY = "2026-11-22"


def send(site: Site, path: str = PAGE, who: str = "administrator", **form: str) -> int:
    given = {"participation": "50", "satisfaction": "85", "since": TODAY, "seen": "1"} | form
    site.post("/language", who, language="en")
    site.answer = site.post(path, who, **given)  # type: ignore[attr-defined]
    return int(site.answer.status_code)  # type: ignore[attr-defined]


def said(site: Site) -> str:
    return text_of(site.answer.text)  # type: ignore[attr-defined]


def test_a_new_version_holds_from_its_day_and_is_noted(site: Site) -> None:
    assert send(site, since="2026-12-01") == 303
    held = targets.targets()
    assert held.fleet("2026-11-30") == Goal(40, 80)
    assert held.fleet("2026-12-01") == Goal(50, 85)
    [entry] = audit_log.newest(1)
    assert (entry.action, entry.subject) == ("target.set", "fleet")
    assert "not begun yet" in row(in_english(site, PAGE, "administrator"), "version-2")


def test_figures_are_judged_by_the_new_version_from_today_on(site: Site) -> None:
    send(site)
    assert "target 50%" in text_of(in_english(site, "/counters/P1-01"))
    assert "target 40%" in text_of(in_english(site, "/counters/P1-01?day=2026-11-20"))


def test_a_unit_has_its_own_and_gives_it_back(site: Site) -> None:
    assert send(site, f"{PAGE}?unit=UBND-P1", seen="0") == 303
    assert "target 50%" in text_of(in_english(site, "/counters/P1-01"))
    assert "target 40%" in text_of(in_english(site, "/counters/Q3-01"))
    assert send(site, f"{PAGE}?unit=UBND-P1", seen="2", give_back="y", participation="") == 303
    assert "target 40%" in text_of(in_english(site, "/counters/P1-01"))


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"participation": "101"}, "Give a whole number from 0 to 100."),
        ({"satisfaction": "-1"}, "Give a whole number from 0 to 100."),
        ({"participation": "x"}, "Not a valid integer value"),
        ({"participation": "9" * 400}, "Not a valid integer value"),
        ({"participation": ""}, "Give a whole number from 0 to 100."),
        ({"since": "2026-11-21"}, "Days that are over keep their target"),
        ({"since": ""}, "Give a day, such as 2026-11-22."),
        ({"give_back": "y", "participation": ""}, "Give a whole number from 0 to 100."),
    ],
)
def test_a_bad_form_saves_nothing_and_keeps_what_was_typed(
    site: Site, form: dict[str, str], words: str
) -> None:
    assert send(site, **form) == 422
    assert words in said(site)
    assert 'value="85"' in site.answer.text or form.get("satisfaction")  # type: ignore[attr-defined]
    assert Target.select().count() == 1


@pytest.mark.parametrize("seen", ["0", "x", "99999999999"])
def test_the_second_of_two_edits_is_told_and_loses_nothing(site: Site, seen: str) -> None:
    with writing():
        targets.add(None, 1, TODAY, Goal(45, 81), TODAY, actor="person:b@c.vn", now=1)
    assert send(site, seen=seen) == 409
    assert "b@c.vn saved a change while you were typing" in said(site)
    assert "Participation 45% 50%" in said(site)
    assert Target.select().count() == 2
    assert 'name="seen" type="hidden" value="2"' in site.answer.text  # type: ignore[attr-defined]


def test_who_may_only_look_sees_no_form(site: Site) -> None:
    assert 'name="participation"' not in in_english(site, PAGE, "auditor")
    assert send(site, who="auditor") == 403
    assert site.get(PAGE, "viewer").status_code == 403
    assert site.get(f"{PAGE}?unit=nowhere", "auditor").status_code == 404


def test_no_unit_sets_its_own_target(site: Site) -> None:
    confine(PEOPLE["administrator"], "administrator", "UBND-P1")
    own = f"{PAGE}?unit=UBND-P1"
    assert send(site, own, participation="1", seen="0") == 404
    assert Target.select().count() == 1
    assert 'name="participation"' not in in_english(site, own, "administrator")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"participation": "39"}, 422),
        ({"satisfaction": "79"}, 422),
        ({"participation": "55", "since": "2026-12-31"}, 422),
        ({"participation": "60", "since": "2026-12-31"}, 303),
        ({"participation": "60", "satisfaction": "80"}, 303),
        ({"give_back": "y", "participation": ""}, 303),
    ],
)
def test_nobody_lowers_what_they_are_judged_by_through_its_parts(
    site: Site, asked: dict[str, str], status: int
) -> None:
    with writing():
        top = places.tree().by_code("UBND-P1")
        assert top is not None
        places.add_unit("P1-TO-1", "Tổ một cửa", parent=top.id)
        targets.add(None, 1, "2027-01-01", Goal(60, 70), TODAY, actor="person:b@c.vn", now=1)
    confine(PEOPLE["administrator"], "administrator", "UBND-P1")
    form = {"participation": "60", "seen": "0"} | asked
    assert send(site, f"{PAGE}?unit=P1-TO-1", **form) == status
    if status == 422:
        assert "UBND phường Bến Nghé itself is asked for" in said(site)


def test_who_sets_the_targets_of_the_fleet_may_ask_a_unit_for_less(site: Site) -> None:
    assert send(site, f"{PAGE}?unit=UBND-P1", participation="1", seen="0") == 303


def test_a_day_that_is_over_is_refused_below_the_form_too(site: Site) -> None:
    with pytest.raises(targets.PastDay), writing():
        targets.add(None, 1, "2026-11-21", Goal(1, 1), TODAY, actor="x", now=1)


def test_the_first_version_follows_the_settings_until_somebody_sets_another(site: Site) -> None:
    with writing():
        targets.begin_with(35, 75)
    assert targets.targets().fleet(TODAY) == Goal(35, 75)
    with writing():
        targets.add(None, 1, TODAY, Goal(50, 80), TODAY, actor="x", now=1)
        targets.begin_with(1, 1)
    assert targets.targets().fleet("2026-11-21") == Goal(35, 75)
