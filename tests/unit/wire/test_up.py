"""Unsigned messages that go up, and topics."""

import pytest

from wire import topics, up
from wire.envelope import root_hash
from wire.errors import WireError

CHAIN, BOOT = "a" * 32, "b" * 32
HASH = root_hash(CHAIN)

MESSAGES = [
    (up.Hello("c" * 32, 5, (up.HelloChain(CHAIN, 1, HASH, 9, HASH),)), up.decode_hello),
    (up.Hello("c" * 32, 0, (up.HelloChain(CHAIN, 7, HASH, 9, HASH, "a.b.c"),)), up.decode_hello),
    (up.State("ready", BOOT, 3, 1), up.decode_state),
    (up.Health(1, 2, BOOT, "unset", "0.1.0", 4, None, CHAIN, 7, {"t": 41.5}), up.decode_health),
    (up.ConfigResult(4, 2, False, "brightness: unknown"), up.decode_config_result),
    (up.CommandResult(4, "done"), up.decode_command_result),
    (up.Visit("v-1", "H29.12-221014-0005"), up.decode_visit),
]


@pytest.mark.parametrize(("message", "decode"), MESSAGES)
def test_a_message_comes_back_as_it_went(message, decode):
    assert decode(up.encode_up(message)) == message


@pytest.mark.parametrize(("_message", "decode"), MESSAGES)
@pytest.mark.parametrize("data", [b"", b"{}", b'{"v":2}', b"[1]", b"\x00", b" " * 65537])
def test_any_other_bytes_are_refused(_message, decode, data):
    with pytest.raises(WireError):
        decode(data)


def test_an_unknown_presence_is_neither_read_nor_written():
    with pytest.raises(WireError, match="state: must be one of"):
        up.encode_up(up.State("sleepy", BOOT, 1, 1))  # type: ignore[arg-type]


def test_text_that_utf8_can_not_hold_is_not_written():
    with pytest.raises(WireError, match="can't be written"):
        up.encode_up(up.Health(1, 2, BOOT, "unset", "0", 4, None, CHAIN, 7, {"t": "\ud800"}))


def test_topics_are_built_and_taken_apart():
    assert topics.parse(topics.topic("t-1", "records")) == topics.Topic("t-1", "records")
    receipt = topics.receipt_topic("t-1", CHAIN)
    assert receipt == f"hailong/1/t-1/receipt/{CHAIN}"
    assert topics.parse(receipt) == topics.Topic("t-1", "receipt", CHAIN)


def test_a_terminal_subscribes_only_below_its_own_name():
    assert all(f.startswith("hailong/1/t-1/") for f in topics.down_filters("t-1"))
    assert "hailong/1/t-1/receipt/+" in topics.down_filters("t-1")
    assert "hailong/1/+/records" in topics.up_filters()


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "hailong/2/t-1/records",
        "hailong/1/T/records",
        "hailong/1/t-1",
        "hailong/1/t-1/poem",
        "hailong/1/t-1/records/x",
        "hailong/1/t-1/receipt/x",
        "x/hailong/1/t-1/records",
        "hailong/1//records",
    ],
)
def test_a_topic_that_is_not_ours_is_refused(topic):
    with pytest.raises(WireError, match="not a topic"):
        topics.parse(topic)
