"""The feed of ratings: who follows its cursor ends with what the database holds."""

from typing import Any

import pytest
from peewee import fn

from fleet_server.mqtt import meaning
from fleet_server.store import places, rating_feed, withdrawal
from fleet_server.store.database import writing
from fleet_server.store.models import AuditEntry, Rating, RatingChange
from tests.fakes.desk import HOUR, MINUTE, NINE, SAIGON, Desk, add_counter
from tests.fakes.keys import new_key
from tests.unit.fleet_server.web.api.conftest import Rest


class Mirror:
    """Another program that keeps a copy of the ratings by following the feed."""

    def __init__(self, rest: Rest, limit: int = 100, **query: object) -> None:
        self.rest, self.limit, self.query = rest, limit, query
        self.cursor = ""
        self.held: dict[int, dict[str, Any]] = {}
        self.seen = 0

    def follow(self) -> int:
        """Read to the end; return how many rows came."""
        came = 0
        while True:
            page = self.rest.get(
                "/ratings", cursor=self.cursor, limit=self.limit, **self.query
            ).json
            for row in page["ratings"]:
                assert row["change"] > int(self.cursor or 0), "changes are in order"
                self.held[row["id"]] = row
                if row["withdrawn"]:
                    del self.held[row["id"]]
            came += len(page["ratings"])
            self.cursor = page["next"]
            if not page["more"]:
                return came

    def is_true(self) -> bool:
        """Whether the copy is what the database holds."""
        names = ("visit", "choice", "standing", "contested", "replaced_by")
        said = {number: tuple(row[one] for one in names) for number, row in self.held.items()}
        held = {
            row.record_id: (
                row.visit.partition("@")[0] if row.visit else None,
                row.choice,
                bool(row.standing),
                bool(row.contested),
                row.replaced_by,
            )
            for row in Rating.select()
        }
        return said == held


@pytest.fixture
def desk(rest: Rest) -> Desk:
    """A terminal at C1."""
    rest.now = NINE + HOUR
    return Desk("t-9", "C1")


def test_a_correction_is_told_with_what_it_replaces(rest: Rest, desk: Desk) -> None:
    mirror = Mirror(rest)
    desk.ticket("v1", "called", 0)
    first = desk.rate("v1", 1_000)
    assert mirror.follow() == 1
    second = desk.rate("v1", 3_000, "unsatisfied", replaces=desk.seq)
    assert mirror.follow() == 2
    assert mirror.held[first]["replaced_by"] == second
    assert [mirror.held[one]["standing"] for one in (first, second)] == [False, True]
    assert mirror.is_true()


def test_nothing_new_is_told_as_nothing(rest: Rest, desk: Desk) -> None:
    desk.rate(None, 0)
    mirror = Mirror(rest)
    assert [mirror.follow() for _ in range(3)] == [1, 0, 0]


def test_a_contested_and_a_disputed_rating_are_told(rest: Rest, desk: Desk) -> None:
    desk.ticket("v1", "called", 0)
    desk.rate("v1", 1_000)
    mirror = Mirror(rest)
    mirror.follow()
    late = desk.rate("v1", MINUTE, "unsatisfied")
    forked = desk.rate("v1", 2 * MINUTE, disputed=True)
    mirror.follow()
    assert mirror.held[late]["contested"]
    assert mirror.held[forked]["disputed"]
    assert mirror.is_true()


def test_a_rating_that_is_bound_to_its_visit_later_comes_again(rest: Rest, desk: Desk) -> None:
    mirror = Mirror(rest)
    desk.rate("Q1", 1_000)
    mirror.follow()
    rest.tell("called", visit="Q1")
    rest.tell("closed", visit="Q1")
    assert mirror.follow() == 1
    assert mirror.is_true()


def test_a_contested_rating_comes_again_under_the_name_that_its_visit_has(
    rest: Rest, desk: Desk
) -> None:
    desk.rate("own-id", 1_000)
    contested = desk.rate("own-id", MINUTE, "unsatisfied")
    mirror = Mirror(rest)
    mirror.follow()
    rest.now = NINE + 2_000
    rest.tell("called", visit="Q1")
    desk.ticket("own-id", "called", 3_000)
    mirror.follow()
    assert mirror.held[contested]["visit"] == "Q1"
    assert mirror.is_true()


def test_a_rating_whose_time_is_corrected_comes_again(rest: Rest, desk: Desk) -> None:
    desk.reboot(5, clock="unset")
    rating = desk.rate(None, 6 * MINUTE)
    mirror = Mirror(rest)
    mirror.follow()
    assert mirror.held[rating]["at_quality"] == "estimated"
    desk.set_clock(7 * MINUTE)
    assert mirror.follow() >= 1
    assert mirror.held[rating]["at_quality"] == "derived"


def test_a_counter_that_is_added_late_brings_its_ratings(rest: Rest) -> None:
    desk = Desk("t-9", "C9", known=False)
    desk.rate(None, 0)
    mirror = Mirror(rest)
    assert mirror.follow() == 0
    counter = add_counter("C9")
    with writing():
        places.move_terminal("t-9", counter.id, NINE)
        meaning.take_up(NINE, SAIGON)
    assert mirror.follow() == 1


def test_a_withdrawn_rating_is_told_as_such(rest: Rest, desk: Desk) -> None:
    rating = desk.rate(None, 0)
    mirror = Mirror(rest)
    mirror.follow()
    with writing():
        withdrawal.withdraw([rating], SAIGON, NINE)
    page = rest.get("/ratings", cursor=mirror.cursor).json
    [row] = page["ratings"]
    assert (row["id"], row["withdrawn"], row["choice"], row["at"]) == (rating, True, None, None)
    mirror.follow()
    assert mirror.is_true()
    assert mirror.held == {}


def test_a_page_of_each_size_tells_all(rest: Rest, desk: Desk) -> None:
    for number in range(9):
        desk.rate(None, number * 1_000)
    for limit in (1, 2, 4, 9, 10):
        mirror = Mirror(rest, limit)
        mirror.follow()
        assert mirror.is_true()


def test_a_page_reaches_over_what_others_may_see(
    rest: Rest, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rating_feed, "WINDOW", 3)
    for number in range(8):
        desk.rate(None, number * 1_000)
    with writing():
        unit = places.add_unit("FAR", "Far away")
        places.add_counter("FAR-1", "Far", unit.id)
    far = Desk("t-far", "FAR-1")
    last = far.rate(None, 0)
    rest.key = new_key("far", unit="FAR")
    first = rest.get("/ratings").json
    assert (first["ratings"], first["more"]) == ([], True)
    mirror = Mirror(rest, counter="FAR-1")
    mirror.follow()
    assert list(mirror.held) == [last]


def test_a_key_of_a_branch_sees_the_ratings_of_the_days_on_which_the_counter_lay_there(
    rest: Rest, desk: Desk
) -> None:
    before = desk.rate(None, 0)
    with writing():
        unit = places.add_unit("NEW", "Its new unit")
        places.move_counter(1, unit.id, "2026-11-23")
    after = desk.rate(None, 24 * HOUR)
    former, new = new_key("former", unit="U"), new_key("new", unit="NEW")
    for key, sees in ((former, before), (new, after)):
        rest.key = key
        for query in ({}, {"counter": "C1"}):
            mirror = Mirror(rest, 1, **query)
            mirror.follow()
            assert list(mirror.held) == [sees]
    with writing():
        withdrawal.withdraw([before, after], SAIGON, NINE)
    for key in (former, new):
        rest.key = key
        page = rest.get("/ratings").json
        assert [row["withdrawn"] for row in page["ratings"]] == [True, True]


def test_the_next_page_is_linked(rest: Rest, desk: Desk) -> None:
    for number in range(3):
        desk.rate(None, number * 1_000)
    answer = rest.get("/ratings", limit=2)
    link = answer.headers["Link"]
    assert link.endswith('>; rel="next"')
    follow = rest.call("GET", link[1 : link.index(">")])
    assert len(follow.json["ratings"]) == 1
    assert "Link" not in follow.headers


def test_numbers_only_grow(rest: Rest, desk: Desk) -> None:
    rating = desk.rate(None, 0)
    for _ in range(3):
        newest = RatingChange.select(fn.MAX(RatingChange.number)).scalar()
        with writing():
            rating_feed.note_records([rating])
        assert RatingChange.select(fn.MAX(RatingChange.number)).scalar() == newest + 1
    assert RatingChange.select().count() == 1


def test_a_choice_is_told_only_to_who_may_know_and_is_written_down(rest: Rest, desk: Desk) -> None:
    desk.rate(None, 0)
    rest.key = new_key("blind", {"ratings:read"})
    assert rest.get("/ratings").json["ratings"][0]["choice"] is None
    reads = AuditEntry.select().where(AuditEntry.action == "choices.read")
    assert reads.count() == 0
    rest.key = new_key("seeing", {"ratings:read", "choices:read"})
    page = rest.get("/ratings").json
    assert page["ratings"][0]["choice"] == "satisfied"
    [entry] = reads
    assert (entry.actor, entry.subject) == ("key:seeing", "ratings")
    assert '"counters":["C1"]' in entry.details
    rest.get("/ratings", cursor=page["next"])
    assert reads.count() == 1, "nothing was told, so nothing is written down"
