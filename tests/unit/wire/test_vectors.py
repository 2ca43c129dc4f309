"""The golden vectors hold for ever, and for libraries that are not ours."""

import json
from pathlib import Path

import pytest
from jwcrypto import jwk, jws

from tests.unit.wire import examples
from tests.unit.wire.make_vectors import VECTORS, all_vectors
from wire import codec, envelope, keys
from wire.down import (
    open_command,
    open_config,
    open_key_list,
    open_receipt,
    open_ticket,
)

FILES = sorted(VECTORS.glob("*.json"))
RECORDS = [path for path in FILES if path.name.startswith("record-")]


def load(path: Path) -> dict[str, str]:
    return json.loads(path.read_text("utf-8"))


def test_every_record_type_and_every_object_has_a_vector():
    assert {path.stem for path in FILES} >= all_vectors().keys()
    types = {json.loads(load(path)["payload"])["type"] for path in RECORDS}
    assert types == codec.BODIES.keys()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_vector_verifies_and_has_its_hash(path):
    vector = load(path)
    token = vector["token"].encode()
    key = keys.public_from_x(vector["x"])
    assert keys.kid_of(key) == vector["kid"] == envelope.kid_of_token(token)
    assert envelope.verify(token, key) == vector["payload"].encode()
    assert envelope.digest(token) == vector["hash"]


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_record_of_version_1_is_read_and_written_to_the_same_bytes(path):
    payload = load(path)["payload"].encode()
    assert codec.encode(codec.decode(payload)) == payload


def test_todays_code_still_makes_todays_vectors():
    for name, content in all_vectors().items():
        assert load(VECTORS / f"{name}.json") == content


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_another_jose_library_verifies_a_vector_and_refuses_one_flipped_bit(path):
    vector = load(path)
    key = jwk.JWK(kty="OKP", crv="Ed25519", x=vector["x"])
    header, payload, signature = vector["token"].split(".")
    theirs = jws.JWS()
    theirs.allowed_algs = ["Ed25519", "EdDSA"]
    theirs.deserialize(vector["token"], key)
    assert theirs.payload == vector["payload"].encode()

    raw = bytearray(envelope.unb64(payload.encode()))
    raw[len(raw) // 2] ^= 1
    forged = jws.JWS()
    forged.allowed_algs = ["Ed25519", "EdDSA"]
    with pytest.raises(jws.InvalidJWSSignature):
        forged.deserialize(f"{header}.{envelope.b64(bytes(raw))}.{signature}", key)


def test_every_object_that_goes_down_opens_as_what_was_sealed():
    openers = {
        "receipt": open_receipt,
        "ticket": open_ticket,
        "config": open_config,
        "command": open_command,
    }
    for name, (thing, _key) in examples.DOWNS.items():
        token = load(VECTORS / f"{name}.json")["token"].encode()
        if thing.typ == "keys":
            assert open_key_list(token, keys.x_of(examples.FLEET_KEY)) == thing
        else:
            assert openers[thing.typ](token, examples.KEY_LIST, examples.DEV) == thing
