"""Records: what is taken, what is refused, and with which words."""

import json
from dataclasses import replace

import pytest

from tests.unit.wire import examples
from wire import codec
from wire.errors import WireError
from wire.records import Rating, Reasons, Record


def payload(name: str = "rating", **changes: object) -> bytes:
    values = json.loads(codec.encode(examples.record(name)))
    for field, value in changes.items():
        if value is ...:
            del values[field]
        else:
            values[field] = value
    return json.dumps(values, ensure_ascii=False).encode()


@pytest.mark.parametrize("name", examples.BODIES)
def test_every_type_comes_back_as_it_went(name):
    record = examples.record(name)
    assert codec.decode(codec.encode(record)) == record
    assert codec.type_of(record) == json.loads(codec.encode(record))["type"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"v": 2}, "v: is not a version"),
        ({"v": True}, "v: is not a version"),
        ({"v": ...}, "v: is not a version"),
        ({"type": "poem"}, "type: is not a record type"),
        ({"type": ["rating"]}, "type: is not a record type"),
        ({"dev": "T 1"}, "dev: is not a terminal id"),
        ({"chain": "xyz"}, "chain: is not 32 hexadecimal"),
        ({"seq": 0}, "seq: must be a whole number"),
        ({"seq": 2**63}, "seq: must be a whole number"),
        ({"seq": True}, "seq: must be a whole number"),
        ({"seq": 1}, "seq 1 is a chain record"),
        ({"prev": "abc"}, "prev: is not a SHA-256"),
        ({"up": -1}, "up: must be a whole number"),
        ({"at": "2026-11-22T08:30:00Z"}, "at: must be a UTC time"),
        ({"at": "2026-02-30T08:30:00.000Z"}, "at: is a time that does not exist"),
        ({"at": "1969-12-31T23:59:59.999Z"}, "at: must be a time between 1970"),
        ({"clock": "good"}, "clock: must be one of"),
        ({"choice": "great"}, "choice: must be one of"),
        ({"visit": ...}, "visit: is missing"),
        ({"visit": "a b"}, "visit: is not a visit id"),
        ({"mood": "fine"}, "1 unknown field"),
        ({"replaces": 9}, "replaces: names an earlier rating"),
        ({"replaces": 5, "visit": None}, "replaces: names an earlier rating"),
        ({"contested": 1}, "contested: must be true or false"),
        ({"contested": True, "visit": None}, "contested: a contested rating has a visit"),
        ({"contested": True, "replaces": 5}, "contested: a contested rating has a visit"),
    ],
)
def test_a_record_that_breaks_a_rule_is_refused_and_the_field_named(changes, words):
    with pytest.raises(WireError, match=words):
        codec.decode(payload(**changes))


@pytest.mark.parametrize(
    "ticket",
    ["", "A" * 17, "A\u202e17", "A\n17", "A\ue000", "e\u0301", "A\u2028", 17],
)
def test_a_ticket_number_that_could_deceive_a_reader_is_refused(ticket):
    with pytest.raises(WireError, match="ticket: "):
        codec.decode(payload("ticket-called", ticket=ticket))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe{}",
        b'{"v":1,"v":1}',
        b'{"v":NaN}',
        b'{"v":1.0}',
        b'{"v":' + b"9" * 1900 + b"}",
        b"[" * 2000,
        b'{"v":1,"type":"fault","what":"\\ud800"}',
        b" " * 2049,
    ],
)
def test_what_is_not_one_strict_json_object_is_refused(data):
    with pytest.raises(WireError):
        codec.decode(data)


@pytest.mark.parametrize("day", ["2026-02-30", "22/11/2026", 20261122])
def test_a_day_that_does_not_exist_is_refused(day):
    with pytest.raises(WireError, match="day: "):
        codec.decode(payload("ticket-called", day=day))


@pytest.mark.parametrize("items", [[], ["a"] * 16, "abc", ["a b"], [1]])
def test_items_are_one_to_fifteen_codes(items):
    with pytest.raises(WireError, match="items: "):
        codec.decode(payload("items", items=items))


def test_reasons_are_given_or_skipped_and_name_an_earlier_rating():
    with pytest.raises(WireError, match="given or skipped"):
        codec.decode(payload("reasons", skipped=True))
    with pytest.raises(WireError, match="given or skipped"):
        codec.decode(payload("reasons", items=...))
    with pytest.raises(WireError, match="names an earlier record"):
        codec.decode(payload("reasons", rating=9))


def test_only_a_closing_can_be_assumed():
    with pytest.raises(WireError, match="assumed: only a closing"):
        codec.decode(payload("ticket-assumed", event="called"))


def test_a_chain_record_is_first_in_its_chain():
    with pytest.raises(WireError, match="seq 1"):
        codec.decode(payload("chain-first", seq=2))


def test_nothing_can_be_sent_that_could_not_be_read():
    record = examples.record("rating")
    for bad in (
        replace(record.stamp, up=-1),
        replace(record.stamp, at=-1),
        replace(record.stamp, dev="T"),
    ):
        with pytest.raises(WireError):
            codec.encode(Record(bad, record.body))
    with pytest.raises(WireError):
        codec.encode(Record(record.stamp, Rating("Q1", "v", "satisfied", "button", 0)))
    with pytest.raises(WireError):
        codec.encode(Record(record.stamp, Reasons(3, tuple("abcdefghijklmnop"))))
    with pytest.raises(WireError):
        codec.encode(Record(record.stamp, Reasons(3, "abc")))  # type: ignore[arg-type]


def test_a_payload_longer_than_the_limit_is_not_written():
    record = examples.record("chain-fork")
    long = replace(record.body, receipt="ệ" * 1400)
    with pytest.raises(WireError, match="at most 2048 bytes"):
        codec.encode(Record(record.stamp, long))
