"""Signed bytes, links and runs."""

import pytest
from joserfc.jwk import OKPKey

from tests.unit.wire.examples import DEVICE_KEY, NEXT_DEVICE_KEY
from wire import envelope, ids, keys
from wire.errors import WireError

TOKEN = envelope.seal(b'{"v":1}', DEVICE_KEY)
HEADER, PAYLOAD, SIGNATURE = TOKEN.split(b".")


def token_with_header(header: bytes) -> bytes:
    return b".".join([envelope.b64(header).encode(), PAYLOAD, SIGNATURE])


def test_what_was_sealed_verifies_to_the_same_payload():
    assert envelope.verify(TOKEN, DEVICE_KEY) == b'{"v":1}' == envelope.payload_of(TOKEN)


def test_another_key_does_not_verify():
    with pytest.raises(WireError, match="another key"):
        envelope.verify(TOKEN, NEXT_DEVICE_KEY)


def test_every_flipped_bit_of_a_token_is_refused():
    for position in range(len(TOKEN)):
        for bit in range(7):
            forged = bytearray(TOKEN)
            forged[position] ^= 1 << bit
            with pytest.raises(WireError):
                envelope.verify(bytes(forged), DEVICE_KEY)


def test_spare_bits_of_a_signature_can_not_make_a_second_hash_for_the_same_record():
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = alphabet.index(SIGNATURE[-1:])
    twin = TOKEN[:-1] + alphabet[last ^ 1 : (last ^ 1) + 1]
    with pytest.raises(WireError, match="canonical"):
        envelope.verify(twin, DEVICE_KEY)


@pytest.mark.parametrize(
    "header",
    [
        b'{"alg":"none"}',
        b'{"alg":"EdDSA","kid":"%s"}' % keys.kid_of(DEVICE_KEY).encode(),
        b'{"alg":"Ed25519","kid":"short"}',
        b'{"alg":"Ed25519","kid":7}',
        b'{"alg":"Ed25519","kid":"%s","crit":["x"]}' % keys.kid_of(DEVICE_KEY).encode(),
        b"[]",
        b"not json",
    ],
)
def test_a_header_is_the_algorithm_and_the_key_and_nothing_else(header):
    with pytest.raises(WireError):
        envelope.kid_of_token(token_with_header(header))


@pytest.mark.parametrize(
    "token", [b"", b"..", b"a.b", b"a.b.c.d", TOKEN + b"=", TOKEN + b"\n", b"\xff.\xff.\xff"]
)
def test_what_is_no_token_is_refused(token):
    with pytest.raises(WireError):
        envelope.verify(token, DEVICE_KEY)


def test_a_token_that_is_too_long_is_refused():
    with pytest.raises(WireError, match="not a compact JWS"):
        envelope.payload_of(b"a" * envelope.MAX_DOWN + b".b.c")


def test_a_run_takes_as_many_leading_records_as_fit():
    assert envelope.pack_run([b"aa", b"bb", b"cc"], limit=5) == b"aa\nbb"
    assert envelope.pack_run([b"aa", b"bbbb", b"c"], limit=5) == b"aa"
    assert envelope.pack_run([]) == b""
    assert envelope.split_run(b"aa\nbb") == [b"aa", b"bb"]


@pytest.mark.parametrize("run", [b"", b"a" * 65537])
def test_a_run_that_is_empty_or_too_long_is_refused(run):
    with pytest.raises(WireError):
        envelope.split_run(run)


def test_hashes_are_names_the_protocol_takes():
    assert ids.HASH.fullmatch(envelope.digest(TOKEN))
    assert ids.HASH.fullmatch(envelope.root_hash(ids.new_id()))


def test_a_key_survives_its_pem_and_is_named_by_its_thumbprint():
    key = keys.load_private(keys.dump_private(DEVICE_KEY))
    assert keys.kid_of(key) == keys.kid_of(DEVICE_KEY)
    public = keys.public_from_bytes(envelope.unb64(keys.x_of(key).encode()))
    assert keys.kid_of(public) == keys.kid_of(key)
    assert keys.kid_of(keys.generate()) != keys.kid_of(key)


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        OKPKey.generate_key("X25519").as_pem(private=True),
        DEVICE_KEY.as_pem(private=False),
    ],
)
def test_only_an_ed25519_private_key_can_sign(pem):
    with pytest.raises(WireError):
        keys.load_private(pem)


def test_a_public_key_is_32_bytes():
    with pytest.raises(WireError):
        keys.public_from_x("abc")
    with pytest.raises(WireError):
        keys.public_from_bytes(b"abc")


def test_names_are_checked_where_they_enter():
    assert ids.check_terminal_id("t-1") == "t-1"
    assert ids.check_counter_code("Q1-03") == "Q1-03"
    for check, bad in (
        (ids.check_terminal_id, "T-1"),
        (ids.check_terminal_id, "fleet-ingest"),
        (ids.check_counter_code, "a b"),
    ):
        with pytest.raises(WireError):
            check(bad)
