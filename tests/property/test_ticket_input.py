"""Whatever local sources send, the terminal takes it or refuses it, and remembers within bounds."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from device.core.scanning import (
    LONGEST,
    Key,
    Memory,
    Reading,
    Scan,
    Typed,
    type_key,
    understand,
)
from device.core.sources import judge
from device.core.told import Heard, Moment, Verdict, Word
from device.tickets.lan.body import Said, read_body
from wire.errors import WireError
from wire.policy import SOURCES
from wire.records import TICKET_EVENTS, Ticket
from wire.tickets import check_ticket

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(["ticket", "event", "visit", "at", "day", "service", "dossier", "x"])
GOOD = {"ticket": "A017", "event": "called"}


def said(data: bytes) -> Said | None:
    try:
        return read_body(data)
    except WireError:
        return None


@given(st.binary(max_size=300))
def test_any_bytes_are_a_ticket_or_one_clear_error(data: bytes) -> None:
    said(data)


@given(st.dictionaries(NAMES, ANY, max_size=4))
def test_what_is_taken_fits_into_a_record(fields: dict[str, object]) -> None:
    body = said(json.dumps({**GOOD, **fields}).encode())
    if body is not None:
        assert body.event in TICKET_EVENTS
        assert check_ticket(body.ticket) == body.ticket
        Ticket("Q1", body.visit or "v", body.ticket, body.event, "lan", body.day, body.service)


@given(st.lists(st.builds(Key, st.integers(0, 5_000), st.integers(0, 767), st.booleans())))
def test_any_keys_make_codes_of_allowed_letters_or_refusals(strokes: list[Key]) -> None:
    typed = Typed()
    for stroke in sorted(strokes, key=lambda key: key.up):
        typed, code, refused = type_key(typed, stroke)
        assert len(typed.text) <= LONGEST + 1
        assert code is None or re.fullmatch(r"[A-Z0-9./-]{1,64}", code)
        assert refused in (None, "half", "keys", "long")


@given(st.lists(st.tuples(st.from_regex(r"[A-Z0-9./-]{1,20}", fullmatch=True), st.integers(0))))
def test_any_code_means_a_printable_ticket_or_nothing(codes: list[tuple[str, int]]) -> None:
    memory, reading = Memory(), Reading(re.compile("[A-Z]?[0-9]+"), "S-")
    for number, (code, up) in enumerate(codes):
        memory, meant = understand(memory, Scan(up, code, f"v{number}"), reading)
        assert meant is None or check_ticket(meant.ticket)


WORDS = st.builds(
    Word,
    origin=st.sampled_from(SOURCES),
    counter=st.just("Q1"),
    counter_name=st.just("Q1"),
    ticket=st.none() | st.sampled_from(["A1", "a-01", "B2", "--", "đ5"]),
    event=st.sampled_from(TICKET_EVENTS),
    visit=st.none() | st.sampled_from(["v1", "v2", "v3"]),
    fresh=st.uuids().map(lambda one: one.hex),
    day=st.none() | st.sampled_from(["2026-11-22", "2026-11-23"]),
)


@given(
    st.lists(st.tuples(WORDS, st.integers(0, 10**9), st.none() | st.integers(0, 10**9))),
    st.lists(st.sampled_from(SOURCES), min_size=1, unique=True),
)
def test_any_words_leave_a_sound_memory(
    words: list[tuple[Word, int, int | None]], order: list[str]
) -> None:
    heard = Heard()
    for word, up, ago in words:
        moment = Moment(up, None if ago is None else up - ago)
        heard, verdict = judge(heard, word, moment, order)  # type: ignore[arg-type]
        check(heard, verdict)


def check(heard: Heard, verdict: Verdict) -> None:
    ids = [known.id for known in heard.visits]
    assert len(set(ids)) == len(ids)
    assert heard.current is None or heard.current in ids
    assert all(0 <= at <= len(heard.story) for at in heard.read.values())
    assert (verdict.word is not None) == (verdict.why in ("news", "behind"))
