"""The JWTs between NATS and us."""

import base64
import json
import secrets
from datetime import UTC, datetime
from typing import Any

import nkeys
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fleet_server.callout import tokens
from fleet_server.callout.decide import Admitted
from provisioning.broker.rules import for_terminal
from provisioning.pki import files
from tests.unit.fleet_server.callout.test_decide import TERMINAL


def pair(prefix: int) -> nkeys.KeyPair:
    return nkeys.from_seed(bytearray(nkeys.encode_seed(secrets.token_bytes(32), prefix)))


SERVER = pair(nkeys.PREFIX_BYTE_SERVER)
ACCOUNT = pair(nkeys.PREFIX_BYTE_ACCOUNT)
PEM = files.pem([TERMINAL]).decode()


def coded(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def claims() -> dict[str, Any]:
    return {
        "iss": SERVER.public_key.decode(),
        "nats": {
            "server_id": {"id": SERVER.public_key.decode()},
            "user_nkey": "UXYZ",
            "client_info": {"type": "mqtt", "mqtt_id": "t-1"},
            "client_tls": {"certs": [PEM], "verified_chains": [[PEM]]},
        },
    }


def question(
    body: dict[str, Any], signer: nkeys.KeyPair = SERVER, alg: str = "ed25519-nkey"
) -> bytes:
    signed = coded(json.dumps({"typ": "JWT", "alg": alg}).encode()) + b"."
    signed += coded(json.dumps(body).encode())
    return signed + b"." + coded(signer.sign(signed))


GOOD = question(claims())


def test_a_question_says_who_is_at_the_door() -> None:
    read = tokens.read_question(GOOD)
    assert (read.server, read.user) == (SERVER.public_key.decode(), "UXYZ")
    assert (read.client.client_id, read.client.speaks_mqtt) == ("t-1", True)
    assert read.client.certificate == TERMINAL


def test_a_certificate_that_the_server_did_not_verify_does_not_count() -> None:
    body = claims()
    body["nats"]["client_tls"]["verified_chains"] = []
    assert tokens.read_question(question(body)).client.certificate is None
    del body["nats"]["client_tls"]
    assert tokens.read_question(question(body)).client.certificate is None


def test_a_question_with_another_signature_is_none() -> None:
    with pytest.raises(tokens.BadQuestion):
        tokens.read_question(question(claims(), pair(nkeys.PREFIX_BYTE_SERVER)))


def test_a_question_signed_by_what_is_no_server_is_none() -> None:
    body = claims()
    body["iss"] = ACCOUNT.public_key.decode()
    with pytest.raises(tokens.BadQuestion):
        tokens.read_question(question(body, ACCOUNT))


def test_a_question_of_another_algorithm_is_none() -> None:
    with pytest.raises(tokens.BadQuestion):
        tokens.read_question(question(claims(), alg="none"))


@pytest.mark.parametrize("key", ["server_id", "user_nkey", "client_info"])
@pytest.mark.parametrize("value", [None, 1, [], "x"])
def test_a_question_that_lacks_something_is_none(key: str, value: object) -> None:
    body = claims()
    body["nats"][key] = value
    if (key, value) == ("user_nkey", "x"):
        assert tokens.read_question(question(body)).user == "x"
        return
    with pytest.raises(tokens.BadQuestion):
        tokens.read_question(question(body))


@given(st.binary(max_size=300))
@example(b"..")
@example(b"A" * (tokens.MAX_QUESTION + 1))
@example(coded(b"[]") + b"." + coded(b"[]") + b"." + coded(bytes(64)))
@example(coded(b"[" * 100_000) + b"..")
def test_any_bytes_are_no_question(data: bytes) -> None:
    with pytest.raises(tokens.BadQuestion):
        tokens.read_question(data)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_a_question_with_one_byte_changed_is_none_or_the_same(place: int, mask: int) -> None:
    raw = bytearray(GOOD)
    raw[place] ^= mask
    try:
        read = tokens.read_question(bytes(raw))
    except tokens.BadQuestion:
        return
    # Base64 has spare bits at its end: other letters, same bytes.
    assert read == tokens.read_question(GOOD)


def opened(token: bytes, signer: nkeys.KeyPair) -> dict[str, Any]:
    signed, _, signature = token.rpartition(b".")
    padded = signature + b"=" * (-len(signature) % 4)
    assert signer.verify(signed, base64.urlsafe_b64decode(padded))
    body = signed.split(b".")[1]
    read: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))
    return read


def test_an_admission_names_server_user_and_permissions() -> None:
    until = datetime(2027, 1, 1, tzinfo=UTC)
    admitted = Admitted("t-1", for_terminal("t-1"), until, "kid")
    answer = opened(tokens.admit(tokens.read_question(GOOD), admitted, ACCOUNT, 1000), ACCOUNT)
    assert answer["aud"] == SERVER.public_key.decode()
    assert answer["sub"] == "UXYZ"
    assert answer["nats"]["type"] == "authorization_response"
    user = opened(answer["nats"]["jwt"].encode(), ACCOUNT)
    assert (user["aud"], user["sub"], user["name"]) == ("FLEET", "UXYZ", "t-1")
    assert user["exp"] == int(until.timestamp())
    assert user["nats"]["pub"]["allow"][0] == "hailong.1.t-1.records"


def test_a_refusal_carries_its_reason_and_no_user() -> None:
    answer = opened(tokens.refuse(tokens.read_question(GOOD), "why", ACCOUNT, 1000), ACCOUNT)
    assert answer["nats"]["error"] == "why"
    assert "jwt" not in answer["nats"]
