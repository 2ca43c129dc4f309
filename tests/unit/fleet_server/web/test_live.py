"""The event stream, and the feed behind it."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest
from peewee import fn

from fleet_server.store import changes, database
from fleet_server.store.models import Change
from fleet_server.web.live.feed import ChangeFeed, FeedFullError, News, concerns
from fleet_server.web.services import services
from tests.fakes.grants import confine
from tests.fakes.wait import eventually
from tests.unit.fleet_server.web.conftest import PEOPLE, Site


class Table:
    """A change table in memory."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, str]] = [(1, "start")]
        self.broken = False
        self.closed = threading.Event()

    def note(self, subject: str) -> int:
        self.rows.append((self.rows[-1][0] + 1, subject))
        return self.rows[-1][0]

    def newest(self) -> int:
        if self.broken:
            raise RuntimeError("the disk is gone")
        return self.rows[-1][0]

    def after(self, number: int, limit: int) -> list[tuple[int, str]]:
        return [row for row in self.rows if row[0] > number][:limit]

    def close(self) -> None:
        self.closed.set()


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def errors() -> list[str]:
    return []


@pytest.fixture
def feed(table: Table, errors: list[str]) -> ChangeFeed:
    return ChangeFeed(table, 2, lambda: errors.append("error"))


ALL = ("counter:",)


def test_a_change_is_heard_at_once(table: Table, feed: ChangeFeed) -> None:
    place = feed.listen()
    assert place.wait(1, ALL, 0.3) is None
    number = table.note("counter:Q1")
    assert place.wait(1, ALL, 5) == News(number, relevant=True)
    place.leave()


def test_a_change_of_something_else_moves_the_position_only(table: Table, feed: ChangeFeed) -> None:
    place = feed.listen()
    assert place.wait(1, ALL, 0.3) is None
    number = table.note("terminal:t1")
    assert place.wait(1, ALL, 5) == News(number, relevant=False)
    place.leave()


def test_a_page_that_was_away_hears_that_it_missed_something(
    table: Table, feed: ChangeFeed
) -> None:
    table.note("counter:Q1")
    place = feed.listen()
    assert place.wait(1, ("matter",), 5) == News(2, relevant=True)
    place.leave()


def test_a_position_from_a_newer_database_is_not_believed(table: Table, feed: ChangeFeed) -> None:
    place = feed.listen()
    assert place.wait(99, ("matter",), 5) == News(1, relevant=True)
    place.leave()


def test_a_database_that_was_put_back_begins_anew(table: Table, feed: ChangeFeed) -> None:
    table.note("counter:Q1")
    place = feed.listen()
    assert place.wait(2, ALL, 0.3) is None
    del table.rows[1:]
    assert place.wait(2, ("matter",), 5) == News(1, relevant=True)
    place.leave()


def test_no_more_may_listen_than_there_is_room_for(feed: ChangeFeed) -> None:
    first, second = feed.listen(), feed.listen()
    with pytest.raises(FeedFullError):
        feed.listen()
    first.leave()
    first.leave()
    third = feed.listen()
    with pytest.raises(FeedFullError):
        feed.listen()
    second.leave()
    third.leave()


def test_the_thread_ends_when_nobody_listens_and_begins_again(
    table: Table, feed: ChangeFeed
) -> None:
    feed.listen().leave()
    assert table.closed.wait(5)
    table.note("counter:Q1")
    place = feed.listen()
    assert place.wait(0, ALL, 5) is not None
    place.leave()
    assert place.wait(0, ALL, 5) is None


def test_a_database_that_fails_for_a_moment_does_not_silence_the_pages(
    table: Table, feed: ChangeFeed, errors: list[str]
) -> None:
    table.broken = True
    place = feed.listen()
    eventually(lambda: errors, 5, "an error")
    table.broken = False
    assert place.wait(0, ALL, 5) is not None
    place.leave()


def test_more_changes_than_are_remembered_count_as_relevant(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fleet_server.web.live.feed.REMEMBERED", 3)
    feed = ChangeFeed(table, 1, lambda: None)
    place = feed.listen()
    assert place.wait(1, ALL, 0.3) is None
    for _ in range(6):
        table.note("terminal:t1")
    eventually(lambda: feed.wait(1, ALL, 0.1) == News(7, relevant=True), 5, "the changes")
    assert place.wait(2, ALL, 5) == News(7, relevant=True)
    assert place.wait(6, ALL, 5) == News(7, relevant=False)
    place.leave()


def test_a_wish_means_one_subject_or_a_whole_kind() -> None:
    assert concerns("counter:Q1", ("counter:",))
    assert concerns("counter:Q1", ("matter", "counter:Q1"))
    assert concerns("matter:t1", ("matter",))
    assert not concerns("counter:Q10", ("counter:Q1",))
    assert not concerns("counter:Q1", ())


def newest() -> int:
    """Return the number of the newest change; the office was filled before."""
    [(number,)] = database.rows(Change.select(fn.MAX(Change.id)))
    return int(number)


@contextmanager
def streamed(
    site: Site, query: str, who: str = "viewer", **headers: str
) -> Iterator[Iterator[str]]:
    """Read a page's stream as lines of text, once its feed has looked at the database."""
    with closing(site.get(f"/live?{query}", who, headers=headers, buffered=False)) as answer:
        assert answer.mimetype == "text/event-stream"
        assert answer.headers["Cache-Control"] == "no-store"
        told = (line.decode() for line in answer.response)
        assert next(told) == "retry: 2000\n\n"
        with site.app.app_context():
            feed = services().feed
        eventually(lambda: feed.wait(0, (), 0.1), 30, "the feed's first look")
        yield told


def test_the_stream_tells_a_page_what_concerns_it(site: Site) -> None:
    with streamed(site, f"since={newest()}&subject=counter:P1-01") as told:
        with database.writing():
            changes.note("terminal:x", "counter:P1-01")
        assert next(told) == f"id: {newest()}\nevent: change\ndata: {newest()}\n\n"


def test_a_listener_hears_of_nothing_outside_of_their_branch(
    table: Table, feed: ChangeFeed
) -> None:
    place = feed.listen()
    assert place.wait(1, ALL, 0.3, "counter:Q1".__eq__) is None
    other = table.note("counter:Q2")
    assert place.wait(1, ALL, 5, "counter:Q1".__eq__) == News(other, relevant=False)
    mine = table.note("counter:Q1")
    assert place.wait(other, ALL, 5, "counter:Q1".__eq__) == News(mine, relevant=True)
    place.leave()


def test_the_stream_of_a_branch_tells_nothing_of_another(site: Site) -> None:
    confine(PEOPLE["viewer"], "viewer", "UBND-Q3")
    query = "subject=counter:&subject=terminal:&subject=matter"
    with streamed(site, f"since={newest()}&{query}") as told:
        with database.writing():
            changes.note("counter:P1-01", "terminal:p1-01-t1", "matter:p1-01-t1", "matter:")
        assert next(told) == ": beat\n\n"
        with database.writing():
            changes.note("matter:q3-02-t1")
        assert next(told).endswith(f"event: change\ndata: {newest()}\n\n")


@pytest.mark.parametrize("since", ["0", "abc", "9" * 40, "-1"])
def test_a_page_that_does_not_know_where_it_was_refreshes(site: Site, since: str) -> None:
    with streamed(site, f"since={newest()}&subject=matter", **{"Last-Event-ID": since}) as told:
        assert next(told).startswith(f"id: {newest()}\nevent: change")


def test_a_page_that_came_just_now_goes_by_what_it_was_made_from(site: Site) -> None:
    with streamed(site, f"since={newest()}&subject=matter", **{"Last-Event-ID": ""}) as told:
        assert next(told) == ": beat\n\n"


def test_a_stream_gives_its_place_back(site: Site) -> None:
    with site.app.app_context():
        feed = services().feed
    for _ in range(3):
        with streamed(site, f"since={newest()}"):
            pass
    with ExitStack() as held:
        for _ in range(40):
            held.callback(feed.listen().leave)
        assert site.get("/live").status_code == 503


@pytest.mark.parametrize(
    ("page", "word", "hears", "deaf"),
    [
        ("/interviews", "interview", "interviewer", "viewer"),
        ("/draws", "draw", "viewer", None),
        ("/settings/letters", "letter", "administrator", "viewer"),
        ("/reports/kept", "report", "quality_officer", "viewer"),
        ("/other", "unsigned", "quality_officer", "technician"),
    ],
)
def test_pages_of_interviews_draws_letters_reports_and_channels_are_live(
    site: Site, page: str, word: str, hears: str, deaf: str | None
) -> None:
    assert f"/live?subject={word}" in site.get(page, hears).text
    assert hears_of(site, hears, word)
    assert deaf is None or not hears_of(site, deaf, word)


def hears_of(site: Site, who: str, word: str) -> bool:
    """Tell whether the stream of a person says that something is another."""
    with streamed(site, f"since={newest()}&subject={word}", who) as told:
        with database.writing():
            changes.note(word)
        return "event: change" in next(told)
