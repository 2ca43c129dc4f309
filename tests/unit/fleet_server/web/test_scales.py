"""Index scores: their scale as versions, what people enter, and what a report makes of both."""

import csv
from dataclasses import replace
from io import StringIO

import pytest

from fleet_server.core.national_scale import NATIONAL
from fleet_server.core.roles import Grant
from fleet_server.store import audit_log, score_entries, score_scales, users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.models import Unit
from tests.fakes.office import NOW
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english

PAGE = "/settings/scales"
ENTERED = [one.key for one in NATIONAL.indexes if one.source == "entered"]
UNITS = ("&unit=UBND-P1", "&unit=UBND-Q3", "")
TWO_OF_THREE = {
    "since": "2026-11-22", "excellent": "5", "good": "4", "fair": "3", "average": "2",
    "weight": "20", "least": "5", "seen": "1",
    "indexes-0-key": "total_time", "indexes-0-vi": "Thời gian", "indexes-0-en": "Time",
    "indexes-0-source": "entered", "indexes-0-of_nothing": "",
    "indexes-1-key": "liked", "indexes-1-en": "Liked", "indexes-1-source": "satisfaction",
    "indexes-1-full": "60", "indexes-1-half": "50", "indexes-1-of_nothing": "",
    "indexes-2-key": "asked", "indexes-2-en": "Asked", "indexes-2-source": "participation",
    "indexes-2-full": "90", "indexes-2-half": "10", "indexes-2-of_nothing": "0",
    "indexes-3-key": "", "indexes-3-source": "entered", "indexes-3-of_nothing": "",
}  # fmt: skip


def enter(site: Site, key: str, two: int, one: int, none: int, unit: str = "UBND-P1") -> int:
    form = {"two": str(two), "one": str(one), "none": str(none), "reason": "Register"}
    path = f"/reports/scores/{key}?period=2026-11&unit={unit}"
    return site.post(path, "administrator", **form).status_code


def report(site: Site, unit: str = "UBND-P1") -> list[list[str]]:
    in_english(site, "/", "administrator")
    answer = site.get(f"/reports/file.csv?period=2026-11&unit={unit}", "administrator")
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))


def scores(site: Site, unit: str = "UBND-P1") -> list[list[str]]:
    lines = report(site, unit)
    begin = next(n for n, row in enumerate(lines) if row and row[0].startswith("Index scores"))
    return lines[begin : lines.index([], begin)]


def fact(site: Site, name: str) -> str:
    return next(row[1] for row in report(site) if row and row[0] == name)


def test_a_report_has_the_national_scale_until_an_office_has_another(site: Site) -> None:
    table = scores(site)
    assert table[0] == ["Index scores by version 1 of the scale, from 21 Jun 2018 on"]
    assert [row[2] for row in table[2:-1]].count("not scored: nobody entered it") == 7
    assert table[-1][2:] == [
        "of 2 points of the indexes that were scored; in all there are 18", "2.0",
    ]  # fmt: skip
    assert fact(site, "Class") == "none: 8 indexes are not scored"


def test_a_report_says_what_each_counted_index_rests_on(site: Site) -> None:
    def rests() -> list[str]:
        said = [row[0] for row in report(site) if row and " rests on " in row[0]]
        return [one.partition(" rests on ")[0] for one in said]

    assert rests() == ["Index 6", "Index 8"]
    site.post(PAGE, "administrator", **TWO_OF_THREE)
    assert rests() == ["Index 2", "Index 3"]


def test_what_was_entered_is_scored_for_its_branch_and_period_alone(site: Site) -> None:
    assert enter(site, "total_time", 3, 1, 0) == 303
    assert scores(site)[2] == [
        "1", "Time for the whole procedure, against the time allowed",
        "entered: 3 dossiers with two points, 1 with one, 0 with none", "1.75",
    ]  # fmt: skip
    assert scores(site, "UBND-Q3")[2][2] == "not scored: nobody entered it"
    entry = next(one for one in audit_log.newest(9) if one.action == "score.enter")
    assert (entry.subject, entry.actor) == ("unit:UBND-P1", "person:administrator@hailong.example")
    assert '"reason":"Register"' in entry.details


def test_the_newest_entry_holds_and_what_was_entered_before_stays(site: Site) -> None:
    enter(site, "total_time", 3, 1, 0)
    enter(site, "total_time", 0, 2, 0)
    assert scores(site)[2][3] == "1.0"
    unit = Unit.get(Unit.code == "UBND-P1").id
    assert [one.entered.two for one in score_entries.history(unit, "2026-11")] == [0, 3]
    page = in_english(
        site, "/reports/scores/total_time?period=2026-11&unit=UBND-P1", "administrator"
    )
    assert page.count("Register") == 2


def test_another_version_holds_from_its_day_and_the_report_says_so(site: Site) -> None:
    assert site.post(PAGE, "administrator", **TWO_OF_THREE).status_code == 303
    enter(site, "total_time", 1, 0, 0)
    table = scores(site)
    assert table[0] == ["Index scores by version 2 of the scale, from 22 Nov 2026 on"]
    assert [row[1] for row in table[2:]] == ["Time", "Liked", "Asked", "Together"]
    assert [row[3] for row in table[2:]] == ["2.0", "2.0", "1.0", "5.0"]
    assert fact(site, "Class") == "excellent"
    assert float(fact(site, "Points for satisfaction, of 20 in 100")) > 10
    assert any("scale of index scores changed" in row[0] for row in report(site) if row)
    in_english(site, "/", "administrator")
    before = site.get("/reports?period=2026-10&unit=UBND-P1", "administrator").text
    assert "by version 1 of the scale" in before


@pytest.mark.parametrize(
    ("least", "at", "under"),
    [
        (15, "excellent", "good"), (12, "good", "fair"), (9, "fair", "average"),
        (6, "average", "weak"),
    ],
)  # fmt: skip
def test_a_report_has_the_class_of_its_points_at_each_limit(
    site: Site, least: int, at: str, under: str
) -> None:
    by_hand = tuple(replace(one, source="entered") for one in NATIONAL.indexes)
    scale = replace(NATIONAL, since="2026-11-22", indexes=by_hand)
    with writing():
        score_scales.add(1, scale, "2026-11-22", actor="command:test", now=NOW)
    rest = [2] * ((least - 1) // 2) + [1] * ((least - 1) % 2)
    keys = [one.key for one in NATIONAL.indexes]
    for nth, key in enumerate(keys[1:]):
        points = rest[nth] if nth < len(rest) else 0
        two, one, none = (int(points == worth) for worth in (2, 1, 0))
        assert enter(site, key, two, one, none) == 303
    for dossiers, found in (((0, 99, 1), under), ((0, 100, 0), at), ((1, 99, 0), at)):
        enter(site, keys[0], *dossiers)
        assert fact(site, "Class") == found, f"{least - 1} and {dossiers}"


def test_what_was_entered_for_an_index_that_is_gone_does_not_stop_a_report(site: Site) -> None:
    enter(site, "online", 1, 0, 0)
    enter(site, "total_time", 1, 0, 0)
    site.post(PAGE, "administrator", **(TWO_OF_THREE | {"indexes-0-source": "participation"}))
    assert scores(site)[-1][1] == "Together"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"since": "2026-11-21"}, "Days that are over keep their scale"),
        ({"excellent": "7"}, "Classes go down"),
        ({"good": "5"}, "Classes go down"),
        ({"indexes-1-key": "total_time"}, "each name stands once"),
        ({"indexes-1-half": "61"}, "the one of one point not above"),
        ({"indexes-1-of_nothing": "1"}, "nothing to count is worth no points"),
        ({"least": "4"}, "fewer than five are not told"),
        ({"weight": "101"}, "Give a whole number"),
        ({"excellent": "x"}, "Not a valid integer value"),
        ({"indexes-0-key": "Total Time"}, "a-z, 0-9"),
    ],
)
def test_a_scale_that_can_not_be_used_is_refused_and_says_why(
    site: Site, changes: dict[str, str], said: str
) -> None:
    in_english(site, "/", "administrator")
    answer = site.post(PAGE, "administrator", **(TWO_OF_THREE | changes))
    assert answer.status_code == 422
    assert said in answer.text
    assert score_scales.newest() == 1


def test_the_second_of_two_who_change_the_scale_is_told(site: Site) -> None:
    assert site.post(PAGE, "administrator", **TWO_OF_THREE).status_code == 303
    assert site.post(PAGE, "administrator", **TWO_OF_THREE).status_code == 409
    again = TWO_OF_THREE | {"seen": "2"}
    assert site.post(PAGE, "administrator", **again).status_code == 303
    assert score_scales.newest() == 3


@pytest.mark.parametrize(
    "path",
    [
        "attitude?period=2026-11", "nothing?period=2026-11", "online?period=soon",
        "online?period=2017", "online?period=2026-11&unit=NOWHERE",
    ],
)  # fmt: skip
def test_what_can_not_be_entered_is_not_there(site: Site, path: str) -> None:
    assert site.get(f"/reports/scores/{path}", "administrator").status_code == 404


def test_nobody_enters_without_a_reason_or_for_another(site: Site) -> None:
    path = "/reports/scores/online?period=2026-11&unit=UBND-P1"
    form = {"two": "1", "one": "0", "none": "0", "reason": ""}
    assert site.post(path, "administrator", **form).status_code == 422
    assert (
        site.post(path, "administrator", **(form | {"reason": "x", "two": "-1"})).status_code == 422
    )
    assert site.post(path, "unit_head", **(form | {"reason": "x"})).status_code == 403
    assert 'name="two"' not in site.get(path, "unit_head").text


def test_who_enters_for_a_branch_enters_for_that_branch_alone(site: Site) -> None:
    with writing():
        person = User.get(User.email == PEOPLE["quality_officer"])
        users.take(person.id, Grant("quality_officer", None))
        users.give(person.id, Grant("quality_officer", Unit.get(Unit.code == "UBND-P1").id))
    form = {"two": "1", "one": "0", "none": "0", "reason": "Register"}
    asked = {unit: f"/reports/scores/online?period=2026-11{unit}" for unit in UNITS}
    answers = {
        unit: site.post(path, "quality_officer", **form).status_code for unit, path in asked.items()
    }
    assert answers == {"&unit=UBND-P1": 303, "&unit=UBND-Q3": 404, "": 404}


def test_every_version_is_on_the_page(site: Site) -> None:
    site.post(PAGE, "administrator", **TWO_OF_THREE)
    page = in_english(site, PAGE, "auditor")
    assert "What holds today: version 2" in page
    assert "Decree 61/2018" in page
    assert 'name="weight"' not in page
