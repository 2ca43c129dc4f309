"""Signs of cheating for other programs."""

import pytest

from fleet_server.core.signals.ruling import Ruling
from fleet_server.core.signals.tally import Tally
from fleet_server.store import places, signals
from fleet_server.store.database import writing
from tests.fakes.desk import NINE, SAIGON
from tests.fakes.keys import new_key
from tests.fakes.shadow import tallies
from tests.unit.fleet_server.web.api.conftest import Rest

DAYS = ("2026-11-20", "2026-11-21")
BURST = tallies(end_burst=Tally(2, 2, (5,)))
NIGHT = tallies(outside_hours=Tally(4, 4))


@pytest.fixture
def cheats(rest: Rest) -> Rest:
    """Signals of two units: the second of the first unit was dismissed."""
    units = [places.add_unit(code, f"Unit {code}") for code in ("P1", "P2")]
    first, second = (places.add_counter(f"{one.code}-01", "Quầy 1", one.id).id for one in units)
    with writing():
        for counter, found in ((first, BURST), (first, NIGHT), (second, BURST)):
            signals.judge(counter, [(day, found) for day in DAYS], NINE, SAIGON)
        signals.rule(2, Ruling("dismissed", "person:lan", NINE, "Lau dọn."))
    return rest


def ids(rest: Rest, **query: str) -> list[int]:
    return [row["id"] for row in rest.get("/signals", **query).json["signals"]]


def test_what_waits_is_listed_with_what_was_counted_and_no_choice(cheats: Rest) -> None:
    second, first = cheats.get("/signals").json["signals"]
    assert first.pop("chance") == pytest.approx(0.02**4)
    assert first == {
        "id": 1, "rule": "end_burst", "severity": "notable", "counter": "P1-01", "unit": "P1",
        "opened_at": "2026-11-22T02:00:00.000Z", "since": DAYS[0], "until": DAYS[1],
        "last_day": DAYS[1], "hits": 4, "of": 4, "honest": 0.02, "verdict": None,
    }  # fmt: skip
    assert second["counter"] == "P2-01"


def test_it_is_narrowed_by_ruling_rule_place_and_read_page_by_page(cheats: Rest) -> None:
    assert ids(cheats, ruled="all") == [3, 2, 1]
    assert ids(cheats, ruled="dismissed") == [2]
    assert ids(cheats, ruled="upheld") == []
    assert ids(cheats, ruled="all", rule="outside_hours") == [2]
    assert ids(cheats, counter="P2-01") == ids(cheats, unit="P2") == [3]
    assert ids(cheats, ruled="all", limit="1", cursor="3") == [2]
    assert cheats.get("/signals", ruled="all", limit="1").json["next"] == "3"


@pytest.mark.parametrize("query", [{"rule": "luck"}, {"ruled": "x"}, {"cursor": "x"}])
def test_what_is_no_filter_is_refused(cheats: Rest, query: dict[str, str]) -> None:
    assert cheats.get("/signals", **query).status_code == 422


def test_a_key_of_a_branch_sees_those_of_its_branch(cheats: Rest) -> None:
    key = new_key("P2", {"signals:read"}, unit="P2")
    answer = cheats.call("GET", "/api/v1/signals", headers={"Authorization": f"Bearer {key}"})
    assert [row["id"] for row in answer.json["signals"]] == [3]
    cheats.key = key
    assert cheats.get("/signals", counter="P1-01").status_code == 404
    assert cheats.get("/signals/3").json["counter"] == "P2-01"
    assert cheats.get("/signals/1").status_code == cheats.get("/signals/99").status_code == 404


def test_one_sign_has_the_ruling_that_stands_and_an_etag(cheats: Rest) -> None:
    answer = cheats.get("/signals/2")
    assert (answer.json["id"], answer.json["verdict"]) == (2, "dismissed")
    held = {"If-None-Match": answer.headers["ETag"]}
    assert cheats.call("GET", "/api/v1/signals/2", headers=held).status_code == 304
    with writing():
        signals.rule(2, Ruling("upheld", "person:lan", NINE + 1, "Không lau dọn."))
    assert cheats.call("GET", "/api/v1/signals/2", headers=held).json["verdict"] == "upheld"
