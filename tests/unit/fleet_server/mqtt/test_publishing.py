from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server.mqtt.messages import Publication
from fleet_server.mqtt.publishing import Publisher
from fleet_server.store import commands, database, downlink, status
from fleet_server.store.models import Downlink
from tests.fakes.ingest import Ingest, ingest, new_signer
from wire import up
from wire.down import open_command, open_config, open_ticket
from wire.errors import WireError
from wire.ids import new_id
from wire.topics import topic

pytestmark = pytest.mark.usefixtures("engine")

TICKET = {"ttl_s": 60, "counter": "A1", "counter_name": "One", "visit": None}


class Outlet:
    """Takes publications, up to ``room``."""

    def __init__(self) -> None:
        self.taken: list[Publication] = []
        self.room = 1000

    def publish(self, publication: Publication) -> bool:
        if len(self.taken) >= self.room:
            return False
        self.taken.append(publication)
        return True

    def drain(self) -> list[tuple[str, bytes]]:
        taken, self.taken = self.taken, []
        return [(p.topic.rpartition("/")[2], p.payload) for p in taken]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Ingest]:
    with ingest(tmp_path) as running:
        running.enrol()
        yield running


@pytest.fixture
def outlet() -> Outlet:
    return Outlet()


@pytest.fixture
def publisher(server: Ingest, outlet: Outlet) -> Publisher:
    return Publisher(server.signer, outlet)


def want(kind: downlink.Kind = "ticket", dev: str = "t-1", **body: object) -> None:
    with database.writing():
        downlink.want(dev, kind, {**TICKET, **body} if kind == "ticket" else body)


def command(server: Ingest, name: str = "restart", dev: str = "t-1", ttl_s: int = 60) -> int:
    return commands.wish(dev, name, {}, ttl_s, server.now)


def test_a_wish_is_published_once(server: Ingest, publisher: Publisher, outlet: Outlet) -> None:
    want()
    assert publisher.due(server.now)
    assert publisher.due(server.now)
    [(leaf, token)] = outlet.drain()
    assert leaf == "ticket"
    assert open_ticket(token, server.signer.key_list, "t-1").counter == "A1"


def test_a_later_wish_replaces_it_with_a_higher_number(
    server: Ingest, publisher: Publisher, outlet: Outlet
) -> None:
    want()
    publisher.due(server.now)
    want(counter_name="Two")
    publisher.due(server.now)
    first, second = (open_ticket(t, server.signer.key_list, "t-1") for _, t in outlet.drain())
    assert second.n > first.n
    assert second.counter_name == "Two"
    assert Downlink.select().count() == 1


def test_a_wish_that_finds_no_room_is_published_later_as_it_was_signed(
    server: Ingest, publisher: Publisher, outlet: Outlet
) -> None:
    want()
    outlet.room = 0
    assert not publisher.due(server.now)
    n = Downlink.get().n
    outlet.room = 1
    assert publisher.due(server.now + 1000)
    [(_, token)] = outlet.drain()
    assert open_ticket(token, server.signer.key_list, "t-1").n == n


def test_after_a_connection_everything_retained_is_published_as_it_was_signed(
    server: Ingest, publisher: Publisher, outlet: Outlet
) -> None:
    want()
    command(server)
    publisher.due(server.now)
    first = dict(outlet.drain())
    assert publisher.everything(server.now + 5)
    assert dict(outlet.drain()) == {
        "keys": server.signer.key_list_token,
        "ticket": first["ticket"],
    }
    assert open_command(first["command"], server.signer.key_list, "t-1").name == "restart"


def test_commands_are_not_retained(server: Ingest, publisher: Publisher, outlet: Outlet) -> None:
    command(server)
    want()
    publisher.due(server.now)
    assert {p.topic.rpartition("/")[2]: p.retain for p in outlet.taken} == {
        "command": False,
        "ticket": True,
    }


def test_a_new_terminal_hears_the_key_list_once(
    server: Ingest, publisher: Publisher, outlet: Outlet
) -> None:
    publisher.everything(server.now)
    server.enrol("t-2", "A2")
    outlet.drain()
    assert publisher.key_lists()
    assert publisher.key_lists()
    assert [p for p, _ in outlet.drain()] == ["keys"]


def test_key_lists_that_find_no_room_are_told_later(
    server: Ingest, publisher: Publisher, outlet: Outlet
) -> None:
    outlet.room = 0
    assert not publisher.everything(server.now)
    outlet.room = 9
    assert publisher.everything(server.now)
    assert [leaf for leaf, _ in outlet.drain()] == ["keys"]


def test_a_new_key_list_is_heard_by_all(
    server: Ingest, publisher: Publisher, outlet: Outlet
) -> None:
    publisher.everything(server.now)
    outlet.drain()
    other = new_signer()
    publisher.use(other)
    publisher.key_lists()
    assert outlet.drain() == [("keys", other.key_list_token)]


def test_a_wish_that_cannot_be_signed_does_not_stand_in_the_way(
    server: Ingest, publisher: Publisher, outlet: Outlet
) -> None:
    server.enrol("t-2", "A2")
    want(colour="red")
    unsigned = command(server, "x" * 99)
    want(dev="t-2")
    assert publisher.due(server.now)
    assert publisher.due(server.now)
    assert len(outlet.drain()) == 1
    found = commands.find(unsigned)
    assert found is not None
    assert found.outcome == "refused"


def test_commands_do_not_take_each_others_place(
    server: Ingest, publisher: Publisher, outlet: Outlet
) -> None:
    names = ["identify", "self-test", "restart"]
    for name in names:
        command(server, name)
    publisher.due(server.now)
    publisher.due(server.now)
    opened = [open_command(token, server.signer.key_list, "t-1") for _, token in outlet.drain()]
    assert [each.name for each in opened] == names
    assert [each.n for each in opened] == sorted({each.n for each in opened})


def test_a_command_that_finds_no_room_is_sent_later_or_expires(
    server: Ingest, publisher: Publisher, outlet: Outlet
) -> None:
    first, second = command(server, "identify"), command(server, "restart", ttl_s=10)
    outlet.room = 0
    assert not publisher.due(server.now)
    outlet.room = 9
    assert publisher.due(server.now + 20_000)
    [(_, token)] = outlet.drain()
    assert open_command(token, server.signer.key_list, "t-1").name == "identify"
    assert [each.outcome for each in commands.history("t-1", 9)] == ["expired", None]
    assert [each.id for each in commands.history("t-1", 9)] == [second, first]


def test_the_first_answer_to_a_command_is_kept_as_history(
    server: Ingest, publisher: Publisher, outlet: Outlet
) -> None:
    known = command(server, "identify")
    publisher.due(server.now)
    n = open_command(outlet.drain()[0][1], server.signer.key_list, "t-1").n
    for number, outcome in ((n + 1, "done"), (n, "failed"), (n, "done")):
        answer = up.encode_up(up.CommandResult(number, outcome, "xin chào"))
        server.raw((topic("t-1", "command-result"), answer))
    found = commands.find(known)
    assert found is not None
    assert (found.outcome, found.details) == ("failed", "xin chào")
    assert commands.find(99) is None


def test_a_configurations_version_grows_above_all_that_is_known(server: Ingest) -> None:
    with database.writing():
        assert downlink.configure("t-1", {"look": {}}, known=0) == 1
        assert downlink.configure("t-1", {}, known=0) == 2
        assert downlink.configure("t-1", {}, known=7) == 8
    found = downlink.configuration("t-1")
    assert found is not None
    assert (found.version, found.settings, found.answer) == (8, {}, None)
    assert downlink.configuration("t-9") is None


def test_an_answer_counts_for_the_configuration_that_it_is_for(
    server: Ingest, publisher: Publisher
) -> None:
    def answer() -> object:
        found = downlink.configuration("t-1")
        return found.answer if found else None

    with database.writing():
        downlink.configure("t-1", {}, known=0)
    publisher.due(server.now)
    said = up.ConfigResult(Downlink.get().n, 1, applied=False, reason="look.letters: no")
    server.raw((topic("t-1", "config-result"), up.encode_up(said)))
    assert answer() == {"version": 1, "applied": False, "reason": "look.letters: no"}
    with database.writing():
        downlink.configure("t-1", {}, known=0)
    assert answer() is None


def test_a_restored_server_signs_configuration_again_above_what_the_terminal_obeyed(
    server: Ingest, publisher: Publisher, outlet: Outlet
) -> None:
    want("config", version=1, settings={})
    want()
    publisher.due(server.now)
    outlet.drain()
    ahead = server.now + 1_000_000
    hello = up.encode_up(up.Hello(new_id(), ahead, ()))
    server.raw((topic("t-1", "hello"), hello))
    publisher.due(server.now)
    assert [leaf for leaf, _ in outlet.drain()] == ["config"]
    assert Downlink.get(Downlink.kind == "config").n > ahead


def test_the_answer_to_a_configuration_is_kept(
    server: Ingest, publisher: Publisher, outlet: Outlet
) -> None:
    want("config", version=3, settings={})
    publisher.due(server.now)
    n = Downlink.get().n
    for number, applied in ((n, True), (n - 1, False)):
        answer = up.encode_up(up.ConfigResult(number, 3, applied))
        server.raw((topic("t-1", "config-result"), answer))
    row = Downlink.get()
    assert (row.acked, row.answer["applied"]) == (n, True)


def test_numbers_only_grow_and_exceed_the_clock_and_what_was_obeyed() -> None:
    contact = status.Contact("t-1", None, n_highest=0, n_issued=0)
    assert contact.next_n(1000) == 1000
    assert contact.next_n(1000) == 1001
    assert contact.next_n(500) == 1002
    contact.n_highest = 5000
    assert contact.next_n(1000) == 5001


def test_a_configuration_is_signed_anew_when_its_key_is_listed_no_more(
    server: Ingest, publisher: Publisher, outlet: Outlet
) -> None:
    want("config", version=1, settings={})
    want("ticket")
    assert publisher.due(server.now)
    first = open_config(dict(outlet.drain())["config"], server.signer.key_list, "t-1")
    other = new_signer()
    publisher.use(other)
    assert publisher.everything(server.now)
    sent = dict(outlet.drain())
    again = open_config(sent["config"], other.key_list, "t-1")
    assert (again.version, again.n > first.n) == (1, True)
    with pytest.raises(WireError):  # a new signature would make an old ticket young again
        open_ticket(sent["ticket"], other.key_list, "t-1")
    assert publisher.everything(server.now)
    assert dict(outlet.drain())["config"] == sent["config"]
