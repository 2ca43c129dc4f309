import pytest

from fleet_server.mqtt.sorting import sort
from tests.fakes.chains import ChainWriter, joined
from wire import up
from wire.ids import new_id


def test_records_are_sorted_by_sender_in_the_order_they_came() -> None:
    one, two = ChainWriter(dev="t-1"), ChainWriter(dev="t-2")
    one.start()
    two.start()
    one.presses(2)
    batch = sort(
        [
            ("hailong/1/t-1/records", one.tokens[0]),
            ("hailong/1/t-2/records", two.tokens[0]),
            ("hailong/1/t-1/records", joined(one.tokens[1:])),
        ]
    )
    assert [s.raw for s in batch.runs["t-1"]] == one.tokens
    assert [s.raw for s in batch.runs["t-2"]] == two.tokens
    assert (batch.counts["messages"], batch.counts["records"]) == (3, 4)
    assert batch.senders == {"t-1", "t-2"}


def test_what_is_said_is_read_by_its_leaf() -> None:
    state = up.State("ready", new_id(), 1, 0)
    batch = sort([("hailong/1/t-1/state", up.encode_up(state))])
    assert batch.said == [("t-1", state)]


@pytest.mark.parametrize("leaf", ["hello", "state", "health", "visits", "records", "ticket"])
def test_what_cannot_be_read_is_refused_with_a_reason(leaf: str) -> None:
    topic = f"hailong/1/t-1/{leaf}"
    batch = sort([(topic, b"")])
    assert batch.refused[0][0] == topic
    assert batch.counts["messages_refused"] == 1
    assert not batch.senders


def test_lines_beyond_all_reason_are_no_run() -> None:
    batch = sort([("hailong/1/t-1/records", b"\n" * 5000)])
    assert batch.refused == [("hailong/1/t-1/records", "too many lines for a run")]
