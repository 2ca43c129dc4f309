"""Any bytes on any topic: taken or refused, never an exception, nothing held changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleet_server.store.models import Chain, Rating, Record, TicketEvent, Visit
from tests.fakes.chains import ChainWriter
from tests.fakes.ingest import Ingest, ingest
from wire.topics import DOWN, UP, topic

TOPICS = st.one_of(
    st.text(max_size=60),
    st.sampled_from([*UP, *DOWN, "receipt/" + "0" * 32]).map(lambda leaf: topic("t-1", leaf)),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
).map(lambda value: repr(value).replace("'", '"').encode("utf-8", "surrogatepass"))
PAYLOADS = st.one_of(st.binary(max_size=300), JSON)


@pytest.fixture(scope="module")
def server(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ingest]:
    path: Path = tmp_path_factory.mktemp("ingest")
    with ingest(path) as running:
        yield running


@pytest.fixture(scope="module")
def writer(server: Ingest) -> ChainWriter:
    writer = server.enrol()
    writer.start()
    writer.presses(3)
    server.send("t-1", writer.tokens)
    return writer


def everything() -> list[list[tuple[object, ...]]]:
    tables = (Record, Rating, Visit, TicketEvent)
    held = [list(t.select().order_by(t._meta.primary_key).tuples()) for t in tables]
    # That a chain was receipted once more is no change of what is held.
    heads = Chain.select(Chain.id, Chain.head_seq, Chain.head_hash, Chain.kid, Chain.branches)
    return [*held, list(heads.tuples())]


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(messages=st.lists(st.tuples(TOPICS, PAYLOADS), min_size=1, max_size=5))
def test_any_bytes_on_any_topic_change_nothing_that_is_held(
    server: Ingest, writer: ChainWriter, messages: list[tuple[str, bytes]]
) -> None:
    before = everything()
    server.raw(*messages)
    assert everything() == before


@settings(deadline=None, max_examples=100)
@given(
    index=st.integers(0, 3), at=st.integers(0, 5000), junk=st.binary(max_size=20), cut=st.booleans()
)
def test_a_record_with_changed_bytes_changes_nothing_that_is_held(
    server: Ingest, writer: ChainWriter, index: int, at: int, junk: bytes, cut: bool
) -> None:
    before = everything()
    token = writer.tokens[index]
    at %= len(token)
    changed = token[:at] + junk + (b"" if cut else token[at + len(junk) :])
    if changed not in writer.tokens:
        server.send("t-1", [changed])
    assert everything() == before
