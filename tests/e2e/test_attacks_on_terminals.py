"""A broken-into broker against a real terminal: it can silence a terminal, but not lie to it.

The attacker owns the broker: it connects with the rights of ingest, which is stopped meanwhile,
keeps what the server once signed, and signs with keys of its own. A last honest object serves as a
fence: once the terminal has it, all that was sent before it was judged.
"""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from typing import Any

import pytest

from fleet_server import clock
from tests.e2e.attack import Pages
from tests.e2e.system import System, Terminal, running_system
from tests.fakes.fleets import ingest_identity
from tests.fakes.mqtt import MqttClient, mqtt
from tests.fakes.wait import eventually
from wire import keys
from wire.down import Command, Config, CurrentTicket, FleetKey, Head, KeyList, Receipt, seal_down
from wire.envelope import digest, root_hash
from wire.ids import new_id
from wire.topics import DOWN, receipt_topic, topic

SETTINGS = '[tickets]\nwithout = "unbound"\n[uplink]\nhealth_s = 3\n'
Broker = Callable[[], Any]


@pytest.fixture(scope="module")
def system(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running_system(tmp_path_factory.mktemp("broken"), "nats") as one:
        yield one


@pytest.fixture(scope="module")
def pages(system: System) -> Pages:
    return Pages(system)


@pytest.fixture(scope="module")
def terminal(system: System) -> Terminal:
    one = system.add_terminal("t-1", "Q1", SETTINGS)
    one.start()
    one.press()
    all_is_held(system, one)
    return one


class BrokenBroker:
    """The broker in wrong hands, between one terminal and a server that is not listening.

    Attributes:
        receipt_key, control_key, fleet_key: the server's, for what it signed honestly and earlier.
        stranger: a key that nobody listed.
    """

    def __init__(self, system: System, terminal: Terminal, client: MqttClient) -> None:
        layout = system.fleet.layout
        self.system, self.terminal, self.client = system, terminal, client
        self.receipt_key, self.control_key, self.fleet_key = (
            keys.load_private(path.read_bytes())
            for path in (layout.receipt_key, layout.control_key, layout.fleet_key)
        )
        self.stranger = keys.generate()
        self.now = clock.now_ms()
        self._n = count(self.now + 10_000)

    def next_n(self) -> int:
        """Return a number above all that the terminal has obeyed."""
        return next(self._n)

    def send(self, leaf: str, payload: bytes) -> None:
        """Publish to the terminal."""
        self.client.publish(topic(self.terminal.id, leaf), payload, retain=leaf != "command")

    def fence(self) -> None:
        """Send something honest and wait until the terminal has it."""
        n = self.next_n()
        self.send("config", seal_down(Config(self.terminal.id, n, self.now, 1), self.control_key))
        eventually(lambda: obeyed(self.terminal).get("config") == n, 15, "the fence arrives")


@contextmanager
def broken_into(system: System, terminal: Terminal) -> Iterator[BrokenBroker]:
    """Stop ingest, give its place to an attacker, and start it again afterwards."""
    system.ingest.stop()
    with mqtt(system.fleet, ingest_identity(system.fleet)) as client:
        yield BrokenBroker(system, terminal, client)
    system.ingest.start()
    system.ingest.wait_for("] connected")


def link(terminal: Terminal, sql: str) -> list[tuple[Any, ...]]:
    """Ask the terminal's memory of what the server said."""
    path = next(terminal.data.rglob("link.db"))
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return database.execute(sql).fetchall()


def obeyed(terminal: Terminal) -> dict[str, int]:
    """Return the highest number obeyed of each type."""
    return dict(link(terminal, "select typ, max(n) from object group by typ"))


def receipted(terminal: Terminal) -> list[tuple[Any, ...]]:
    """Return what the terminal believes that the server holds."""
    return link(terminal, "select chain, seq, hash from receipt order by chain")


def all_is_held(system: System, terminal: Terminal) -> None:
    """Wait until the server holds each press once, and the terminal knows."""
    wanted = sorted((press["choice"], press["seq"]) for press in terminal.accepted)
    eventually(lambda: sorted(system.held(terminal)) == wanted, 30, f"{wanted} held")
    heads = system.query("select chain_id, head_seq, head_hash from chain order by chain_id")
    eventually(lambda: receipted(terminal) == heads, 15, "the terminal knows what is held")


def one_whole_chain(system: System, terminal: Terminal) -> None:
    """See that no fork was made, on either side."""
    assert system.query("select count(*) from chain") == [(1,)]
    assert link(terminal, "select * from finding") == []
    troubles = "select kind from matter where kind in ('fork', 'new_chain', 'poison')"
    assert system.query(troubles) == []


def repeats(system: System, terminal: Terminal) -> int:
    """Return how many records the server was sent more than once."""
    sql = "select repeated from terminal_status where terminal_id = ?"
    return int(system.query(sql, terminal.id)[0][0])


def test_old_and_forged_receipts_move_nothing_back(system, terminal, pages):
    for choice in ("satisfied", "unsatisfied", "very_satisfied"):
        terminal.press_apart(choice)
    all_is_held(system, terminal)
    chain, head = system.query("select chain_id, head_seq from chain")[0]
    hashes = dict(system.query("select seq, hash from record where branch = 0"))
    nonce = system.query("select nonce from terminal_status")[0][0]
    before, sent_twice = receipted(terminal), repeats(system, terminal)
    with broken_into(system, terminal) as broker:

        def sends(key: Any, **said: Any) -> None:
            fields = {
                "dev": terminal.id, "n": broker.next_n(), "iat": broker.now, "chain": chain,
                "seq": 1, "hash": hashes[1], "status": "resend", "nonce": None,
            }  # fmt: skip
            receipt = Receipt(**{**fields, **said})
            wanted = receipt_topic(terminal.id, chain)
            broker.client.publish(wanted, seal_down(receipt, key), retain=True)

        fake = digest(b"not in this journal")
        for n in (1, broker.now - 3_600_000):  # what the server itself signed some time ago
            for seq in (0, 1, head - 1):
                hashed = hashes.get(seq, root_hash(chain))
                for word in (None, new_id(), nonce):
                    sends(broker.receipt_key, n=n, seq=seq, hash=hashed, nonce=word)
        sends(broker.receipt_key, nonce=new_id())
        sends(broker.receipt_key, nonce=None, seq=head + 5, hash=fake)
        sends(broker.receipt_key, nonce=nonce, dev="t-2", seq=head + 5, hash=fake)
        sends(broker.receipt_key, nonce=nonce, chain=new_id(), seq=head + 5, hash=fake)
        for key in (broker.stranger, broker.control_key, broker.fleet_key):
            sends(key, nonce=nonce)
            sends(key, nonce=nonce, seq=head + 5, hash=fake, disputed=(Head(head, hashes[head]),))
        broker.fence()
        assert receipted(terminal) == before
        assert link(terminal, "select * from finding") == []
    terminal.press_apart("satisfied")
    all_is_held(system, terminal)
    one_whole_chain(system, terminal)
    assert repeats(system, terminal) == sent_twice
    page = f"/terminals/{terminal.id}"
    eventually(lambda: "Refused messages" in pages.text(page), 20, "the refusals are shown")


def test_an_old_ticket_is_not_obeyed_nor_one_that_nobody_signed(system, terminal):
    first = system.ticket("Q1", "A001", "called")
    token = eventually(
        lambda: [
            token
            for (token,) in system.query("select token from downlink where kind = 'ticket'")
            if token
        ],
        10,
        "the first ticket signed",
    )[0]
    eventually(lambda: seen(system, terminal, first), 20, "the terminal saw the first ticket")
    second = system.ticket("Q1", "A002", "called")
    eventually(lambda: seen(system, terminal, second), 20, "the terminal saw the second ticket")
    number = obeyed(terminal)["ticket"]
    with broken_into(system, terminal) as broker:
        forged = CurrentTicket(
            terminal.id, broker.next_n(), broker.now, 600, "Q1", "Q1", "evil", "A666", "called",
        )  # fmt: skip
        another = CurrentTicket(
            "t-2", broker.next_n(), broker.now, 600, "Q1", "Q1", "evil", "A666", "called"
        )
        old = token.encode() if isinstance(token, str) else bytes(token)
        for payload in (
            old,
            seal_down(forged, broker.stranger),
            seal_down(forged, broker.receipt_key),
            seal_down(another, broker.control_key),
        ):
            broker.send("ticket", payload)
            broker.send("config", payload)
            broker.send("command", payload)
        broker.fence()
        assert obeyed(terminal)["ticket"] == number
    said = terminal.press_apart("unsatisfied")
    assert (said["visit"], said["ticket"]) == (second, "A002")
    all_is_held(system, terminal)
    assert seen(system, terminal, first) == ["called", "ended"], "the second one took its place"
    assert not system.query("select * from ticket_event where visit_id = 'evil'")
    system.ticket("Q1", "A002", "closed", second)


def seen(system: System, terminal: Terminal, visit: str) -> list[str]:
    """Return what the terminal said of a visit."""
    rows = system.query(
        "select event from ticket_event where visit_id = ? and source = 'terminal' order by id",
        visit,
    )
    return [event for (event,) in rows]


def test_an_old_key_list_configuration_or_command_is_not_obeyed(system, terminal):
    with broken_into(system, terminal) as broker:
        broker.fence()
        before = obeyed(terminal)
        thief = FleetKey("receipt", keys.x_of(broker.stranger))
        ruler = FleetKey("control", keys.x_of(broker.stranger))
        old = KeyList(1, broker.now, (thief, ruler))
        forged = KeyList(broker.next_n(), broker.now, (thief, ruler))
        broker.send("keys", seal_down(old, broker.fleet_key))
        for key in (broker.stranger, broker.control_key):
            broker.send("keys", seal_down(forged, key))
        stale = Config(terminal.id, 5, broker.now, 1, {"volume": 11})
        broker.send("config", seal_down(stale, broker.control_key))
        ours = Config(terminal.id, broker.next_n(), broker.now, 1)
        broker.send("config", seal_down(ours, broker.stranger))
        command = Command(terminal.id, broker.next_n(), broker.now, 60, "hello")
        broker.send("command", seal_down(command, broker.stranger))
        assert obeyed(terminal) == before
        broker.fence()
        after = obeyed(terminal)
        assert after.pop("config") > before.pop("config")
        assert after == before
    terminal.press_apart()
    all_is_held(system, terminal)
    one_whole_chain(system, terminal)


def test_rubbish_from_the_broker_changes_nothing_and_stops_nothing(system, terminal):
    chance = random.Random(10)
    chain = system.query("select chain_id from chain")[0][0]
    topics = [topic(terminal.id, leaf) for leaf in DOWN] + [receipt_topic(terminal.id, chain)]
    rubbish = [
        b"", b"\x00", b"..", b"{}", b"." * 65536, b"[" * 65536, b"A" * 65537,
        chance.randbytes(65536),
        *(chance.randbytes(chance.randrange(1, 300)) for _ in range(20)),
    ]  # fmt: skip
    with broken_into(system, terminal) as broker:
        broker.fence()
        before, known = obeyed(terminal), receipted(terminal)
        for where in topics:
            for payload in rubbish:
                broker.client.publish(where, payload)
        broker.fence()
        assert obeyed(terminal).keys() == before.keys()
        assert {**obeyed(terminal), "config": 0} == {**before, "config": 0}
        assert receipted(terminal) == known
    assert terminal.uplink.running
    terminal.press_apart()
    all_is_held(system, terminal)
