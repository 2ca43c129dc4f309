import pytest

from fleet_server.core.verify import EnrolledKey, Rejected, sight, signed, verify_record
from tests.fakes.chains import ChainWriter, enrolled, flipped
from wire import keys
from wire.envelope import digest, seal


def token_of(writer: ChainWriter) -> bytes:
    writer.start()
    return writer.press()


def test_a_sound_record_is_sighted_with_its_claims() -> None:
    writer = ChainWriter()
    token = token_of(writer)
    found = sight(token, "t-1")
    assert found.fault is None
    assert found.record is not None
    assert (found.hash, found.chain, found.kid) == (
        digest(token), writer.chain, keys.kid_of(writer.key),
    )  # fmt: skip
    assert found.prev == digest(writer.tokens[0])


def test_a_sound_record_is_signed_for_both_libraries() -> None:
    writer = ChainWriter()
    token = token_of(writer)
    ring = enrolled(writer.key)
    assert signed(sight(token, "t-1"), ring)
    assert verify_record(token, "t-1", ring).stamp.seq == 2


@pytest.mark.parametrize("part", [0, 1, 2])
def test_one_flipped_bit_anywhere_is_noticed_by_both_libraries(part: int) -> None:
    writer = ChainWriter()
    token = token_of(writer)
    ring = enrolled(writer.key)
    parts = token.split(b".")
    start = sum(len(p) + 1 for p in parts[:part])
    for at in range(start, start + len(parts[part])):
        broken = flipped(token, at)
        assert not signed(sight(broken, "t-1"), ring)
        with pytest.raises(Rejected):
            verify_record(broken, "t-1", ring)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "not a compact JWS"),
        (b"a.b", "not a compact JWS"),
        (b"a.b.c.d", "not a compact JWS"),
        (b"a" * 4097, "longer than 4096 bytes"),
    ],
)
def test_what_is_no_token_is_named(raw: bytes, fault: str) -> None:
    found = sight(raw, "t-1")
    assert (found.fault, found.record, found.chain) == (fault, None, None)


def test_a_signature_of_another_length_is_refused() -> None:
    token = token_of(ChainWriter())
    head, _, signature = token.rpartition(b".")
    assert sight(head + b"." + signature[:84], "t-1").fault == "the signature has not 64 bytes"


def test_spare_bits_of_the_signature_are_not_free() -> None:
    writer = ChainWriter()
    token = token_of(writer)
    spare = token[:-1] + bytes([token[-1] + 1])
    assert sight(spare, "t-1").fault == "not base64url in its canonical form"


def test_a_record_on_another_terminals_topic_is_faulty() -> None:
    token = token_of(ChainWriter(dev="t-2"))
    found = sight(token, "t-1")
    assert found.fault == "dev: is another terminal"
    assert found.chain is not None


def test_the_links_of_an_unknown_type_can_be_read() -> None:
    writer = ChainWriter()
    writer.start()
    token = writer.unknown_type()
    found = sight(token, "t-1")
    assert (found.record, found.seq, found.prev) == (None, 2, digest(writer.tokens[0]))


@pytest.mark.parametrize(
    "payload",
    [
        b'{"chain":7,"seq":"9","prev":8}',
        b'{"chain":"x","seq":9223372036854775808,"prev":"y"}',
        b'{"seq":true}',
        b"[]",
    ],
)
def test_links_that_make_no_sense_are_not_read(payload: bytes) -> None:
    found = sight(seal(payload, keys.generate()), "t-1")
    assert (found.chain, found.seq, found.prev) == (None, None, None)


def test_a_key_that_is_not_enrolled_vouches_for_nothing() -> None:
    token = token_of(ChainWriter())
    assert not signed(sight(token, "t-1"), {})
    with pytest.raises(Rejected, match="not enrolled"):
        verify_record(token, "t-1", {})


def test_bytes_without_a_kid_are_not_signed() -> None:
    assert not signed(sight(b"x", "t-1"), enrolled(keys.generate()))


def test_a_faulty_record_is_rejected_with_its_fault() -> None:
    writer = ChainWriter()
    writer.start()
    with pytest.raises(Rejected, match="type"):
        verify_record(writer.unknown_type(), "t-1", enrolled(writer.key))


def test_a_registry_row_that_is_no_key_vouches_for_nothing() -> None:
    writer = ChainWriter()
    token = token_of(writer)
    kid = keys.kid_of(writer.key)
    assert not signed(sight(token, "t-1"), {kid: EnrolledKey(kid, "AAAA")})
    with pytest.raises(Rejected):
        verify_record(token, "t-1", {kid: EnrolledKey(kid, "AAAA")})


def test_a_key_is_revoked_from_a_moment_on() -> None:
    assert not EnrolledKey("k", "x").revoked(10)
    assert not EnrolledKey("k", "x", 11).revoked(10)
    assert EnrolledKey("k", "x", 10).revoked(10)


def test_a_key_is_replaced_after_what_came_with_the_word_of_the_next() -> None:
    replaced = EnrolledKey("k", "x", replaced_at=10)
    assert not replaced.revoked(10)
    assert replaced.revoked(11)
