import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from peewee import OperationalError
from structlog.testing import capture_logs

from fleet_server.mqtt import worker as module
from fleet_server.mqtt.messages import Inbox, Message, Publication
from fleet_server.mqtt.receiving import Receiver
from fleet_server.mqtt.signing import KeyFileError, Signer
from fleet_server.mqtt.worker import Worker
from fleet_server.store import database, downlink, listening, places, tallies
from fleet_server.store.database import writing
from fleet_server.store.models import Counter, Rating, Record
from tests.fakes import postgres
from tests.fakes.chains import joined
from tests.fakes.ingest import ZONE, Ingest, ingest, new_signer
from tests.fakes.wait import eventually
from wire.topics import topic

pytestmark = pytest.mark.usefixtures("engine")


class Link:
    """A connection that notes what it is given."""

    def __init__(self, hears: bool) -> None:
        self.connection = 1
        self.connected, self.hears = True, hears
        self.published: list[Publication] = []
        self.acked: list[int] = []

    def publish(self, publication: Publication) -> bool:
        self.published.append(publication)
        return True

    def ack(self, message: Message) -> None:
        self.acked.append(message.mid)

    def leaves(self) -> list[str]:
        return [p.topic.split("/")[3] for p in list(self.published)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Ingest]:
    with ingest(tmp_path) as running:
        yield running


@contextmanager
def running(
    server: Ingest, reload: Callable[[], Signer | None] = lambda: None, hears: bool = True
) -> Iterator[tuple[Inbox, Link]]:
    """Run a worker in a thread."""
    inbox, link = Inbox(), Link(hears)
    worker = Worker(inbox, link, server.signer, reload, ZONE)

    def run() -> None:
        worker.run()
        database.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield inbox, link
    finally:
        worker.stop()
        thread.join(10)
        assert not thread.is_alive()


def test_a_batch_is_acknowledged_after_its_commit(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    with running(server) as (inbox, link):
        inbox.put(Message(topic("t-1", "records"), joined(writer.tokens), 7))
        eventually(lambda: link.acked == [7], 10, "acknowledged")
        assert Record.select().count() == 1
        assert "receipt" in link.leaves()


def test_while_the_database_cannot_be_written_nothing_is_acknowledged(
    server: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = server.enrol()
    writer.start()
    tries: list[int] = []
    take = Receiver.take

    def full(self: Receiver, messages: list[Message], now: int) -> list[Publication]:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("database or disk is full")
        return take(self, messages, now)

    monkeypatch.setattr(Receiver, "take", full)
    monkeypatch.setattr(module, "RETRY_S", (0.01, 0.01))
    with running(server) as (inbox, link):
        inbox.put(Message(topic("t-1", "records"), joined(writer.tokens), 7))
        eventually(lambda: link.acked == [7], 10, "acknowledged")
    assert len(tries) == 3
    assert Record.select().count() == 1


def test_what_the_database_will_never_take_does_not_stop_the_others(
    server: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = server.enrol()
    writer.start()
    take = Receiver.take

    def choking(self: Receiver, messages: list[Message], now: int) -> list[Publication]:
        if any(message.mid == 6 for message in messages):
            database.proxy.execute_sql("SELECT json('{')")
        return take(self, messages, now)

    monkeypatch.setattr(Receiver, "take", choking)
    with capture_logs(), running(server) as (inbox, link):
        inbox.put(Message(topic("t-1", "health"), b"{}", 6))
        inbox.put(Message(topic("t-1", "records"), joined(writer.tokens), 7))
        eventually(lambda: link.acked == [6, 7], 10, "both acknowledged")
    assert Record.select().count() == 1
    assert tallies.read()["messages_failed"] == 1


def test_trouble_after_a_batch_does_not_take_the_batch_again(
    server: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = server.enrol()
    writer.start()
    due = downlink.due
    tries: list[int] = []

    def locked(_now: int) -> list[downlink.Wish]:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("database is locked")
        return due(0)

    monkeypatch.setattr(downlink, "due", locked)
    monkeypatch.setattr(module, "RETRY_S", (0.01, 0.01))
    with running(server) as (inbox, link):
        inbox.put(Message(topic("t-1", "records"), joined(writer.tokens), 7))
        eventually(lambda: len(tries) >= 3, 10, "tried again")
        assert link.acked == [7]
    assert tallies.read()["messages"] == 1


def test_a_message_that_our_own_fault_lets_fail_does_not_stop_the_others(
    server: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = server.enrol()
    writer.start()
    take = Receiver.take

    def fails(self: Receiver, messages: list[Message], now: int) -> list[Publication]:
        if any(message.mid == 1 for message in messages):
            raise KeyError("our fault")
        return take(self, messages, now)

    monkeypatch.setattr(Receiver, "take", fails)
    with running(server) as (inbox, link):
        inbox.put(Message(topic("t-1", "state"), b"", 1))
        inbox.put(Message(topic("t-1", "records"), joined(writer.tokens), 2))
        eventually(lambda: sorted(link.acked) == [1, 2], 10, "acknowledged")
    assert Record.select().count() == 1
    assert tallies.read()["messages_failed"] == 1


def test_others_wishes_are_noticed_and_everything_is_told_again_on_a_new_connection(
    server: Ingest,
) -> None:
    server.enrol()
    body = {"ttl_s": 60, "counter": "A1", "counter_name": "One", "visit": None}
    with running(server) as (_, link):
        eventually(lambda: link.leaves() == ["keys"], 10, "keys")
        with database.writing():
            downlink.want("t-1", "ticket", body)
        eventually(lambda: link.leaves() == ["keys", "ticket"], 10, "ticket")
        link.connection = 2
        again = ["keys", "ticket", "keys", "ticket"]
        eventually(lambda: link.leaves() == again, 10, "everything again")


def test_without_a_connection_wishes_wait(server: Ingest) -> None:
    server.enrol()
    with running(server) as (inbox, link):
        link.connected = False
        inbox.put(Message("", b"", 1))
        eventually(lambda: link.acked == [1], 10, "a turn")
        link.published.clear()
        with database.writing():
            downlink.want("t-1", "config", {"version": 1, "settings": {}})
        inbox.put(Message("", b"", 2))
        eventually(lambda: link.acked == [1, 2], 10, "a turn")
        assert link.leaves() == []
        link.connected = True
        eventually(lambda: "config" in link.leaves(), 10, "config")


def test_time_in_which_the_broker_gives_us_nothing_is_not_counted_as_heard(
    server: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHORES_S", 0.01)
    monkeypatch.setattr(module, "ALIVE_S", 0.01)
    with running(server, hears=False) as (_, link):
        eventually(lambda: tallies.read().get(tallies.INGEST), 10, "alive")
        assert listening.heard_at() is None
        link.hears = True
        eventually(listening.heard_at, 10, "a beat")


def test_new_keys_are_used_and_bad_ones_are_not(
    server: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.enrol()
    other = new_signer()
    answers: list[Signer | Exception | None] = [KeyFileError("no key"), other]

    def reload() -> Signer | None:
        answer = answers.pop(0) if answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(module, "CHORES_S", 0.01)
    with running(server, reload) as (_, link):
        eventually(lambda: len(link.published) >= 2, 10, "both key lists")
        tokens = [p.payload for p in link.published]
        assert tokens[:2] == [server.signer.key_list_token, other.key_list_token]


def test_what_waits_is_scrubbed_in_idle_moments(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    writer.presses(120)
    server.send("t-1", writer.tokens)
    with running(server):
        query = Record.select().where(Record.checked == 0)
        eventually(lambda: query.count() == 0, 20, "all checked")


def test_what_was_parked_is_counted_though_no_batch_comes(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    writer.press(counter="A9")
    server.send("t-1", writer.tokens)
    with running(server):
        with writing():
            unit = Counter.get(Counter.code == "A1").unit_id
            counter = places.add_counter("A9", "Quầy 9", unit)
            places.move_terminal("t-1", counter.id, server.now)
        eventually(lambda: Rating.select().count() == 1, 20, "counted")


@pytest.mark.engines("postgresql")
def test_while_the_databases_server_is_away_nothing_is_acknowledged_and_then_all_is(
    server: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = server.enrol()
    writer.start()
    writer.presses(3)
    monkeypatch.setattr(module, "RETRY_S", (0.05, 0.2))
    with capture_logs() as said, running(server) as (inbox, link):
        inbox.put(Message(topic("t-1", "records"), joined(writer.tokens[:1]), 1))
        eventually(lambda: link.acked == [1], 10, "the first batch")
        postgres.server().stop()
        try:
            inbox.put(Message(topic("t-1", "records"), joined(writer.tokens[1:]), 2))
            eventually(lambda: any("written" in line["event"] for line in said), 10, "the word")
            assert link.acked == [1]
        finally:
            postgres.server().start()
        eventually(lambda: link.acked == [1, 2], 20, "the second batch")
    database.close()
    assert Record.select().count() == len(writer.tokens)
