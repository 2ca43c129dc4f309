"""A terminal's chain goes on with another key: the old one is replaced, what it signed stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server.store import enrolment
from fleet_server.store.models import Chain, Record, TerminalKey
from tests.fakes.chains import ChainWriter
from tests.fakes.ingest import Ingest, ingest
from wire import keys
from wire.envelope import digest
from wire.topics import topic

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Ingest]:
    with ingest(tmp_path) as running:
        yield running


def test_the_old_key_is_marked_as_replaced_and_the_chain_goes_on_with_the_new_one(
    server: Ingest,
) -> None:
    writer = server.enrol()
    old, new = writer.key, keys.generate()
    server.register("t-1", new)
    writer.start()
    writer.change_key(new)
    writer.boots()
    [receipt] = server.send("t-1", writer.tokens)
    assert receipt.seq == 3
    first, second = (TerminalKey.get_by_id(keys.kid_of(key)) for key in (old, new))
    assert (first.replaced_at, first.revoked_at) == (server.now, None)
    assert second.replaced_at is None
    assert Chain.get().kid == keys.kid_of(new)
    assert Record.select().where(Record.disputed).count() == 0
    known = enrolment.find_key(keys.kid_of(old))
    assert known is not None
    assert (known.active, known.replaced) == (True, True)


def test_what_a_thief_had_certified_by_the_old_key_goes_with_it(server: Ingest) -> None:
    writer = server.enrol()
    stolen, new, later = keys.generate(), keys.generate(), keys.generate()
    server.register("t-1", stolen)
    server.now += 1
    server.register("t-1", new)
    server.now += 1
    server.register("t-1", later)
    writer.start()
    writer.change_key(new)
    writer.boots()
    server.send("t-1", writer.tokens)
    gone = [TerminalKey.get_by_id(keys.kid_of(key)).replaced_at for key in (stolen, new, later)]
    assert gone == [server.now, None, None], "the last one is that of the change after this"


def test_a_key_that_is_not_in_the_registry_replaces_nothing(server: Ingest) -> None:
    writer = server.enrol()
    old = writer.key
    writer.start()
    writer.change_key(keys.generate())
    writer.boots()
    [receipt] = server.send("t-1", writer.tokens)
    assert receipt.seq == 2
    assert TerminalKey.get_by_id(keys.kid_of(old)).replaced_at is None


def test_a_disputed_change_replaces_nothing(server: Ingest) -> None:
    writer = server.enrol()
    old, new = writer.key, keys.generate()
    server.register("t-1", new)
    writer.start()
    server.send("t-1", writer.tokens)
    server.revoke(old)
    writer.change_key(new)
    server.send("t-1", writer.tokens)
    assert TerminalKey.get_by_id(keys.kid_of(old)).replaced_at is None


def test_what_a_replaced_key_signs_from_then_on_is_held_and_counts_for_nothing(
    server: Ingest,
) -> None:
    writer = server.enrol()
    thief = ChainWriter(dev="t-1", key=writer.key)
    new = keys.generate()
    server.register("t-1", new)
    writer.start()
    writer.change_key(new)
    server.send("t-1", writer.tokens)
    thief.start()
    thief.presses(2)
    [receipt] = server.send("t-1", thief.tokens)
    assert receipt.seq == 3, "it may be an honest terminal whose card was put back"
    assert [row.disputed for row in Record.select().order_by(Record.id)] == [False] * 2 + [True] * 3
    writer.presses(1)
    server.send("t-1", writer.tokens)
    assert Record.select().where(Record.disputed).count() == 3
    assert "revoked_key" in server.matters()


def test_a_replaced_key_does_not_vouch_for_where_a_chain_begins(server: Ingest) -> None:
    writer = server.enrol()
    other = ChainWriter(dev="t-1", key=writer.key)
    other.start()
    other.presses(3)
    [receipt] = server.raw((topic("t-1", "records"), b"\n".join(other.tokens[:3])))
    new = keys.generate()
    server.register("t-1", new)
    writer.start()
    writer.change_key(new)
    server.send("t-1", writer.tokens)
    server.lose_records()
    anchor = receipt.payload.decode()
    late = {"oldest_seq": 4, "oldest_hash": digest(other.tokens[3]), "anchor": anchor}
    assert server.hello(other, **late).seq == 0
