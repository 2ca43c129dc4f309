"""How deliveries are signed, when they are tried again, and which addresses are inside."""

from ipaddress import ip_network

import pytest

from fleet_server.core.webhooks import (
    FIRST_RETRY_MS,
    GIVE_UP_MS,
    LONGEST_WAIT_MS,
    is_in,
    is_public,
    next_try,
    secret_bytes,
    secret_text,
    signature,
    tellable,
)

# The example of the Standard Webhooks specification's libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_delivery_is_signed_as_the_specification_shows() -> None:
    assert signature([secret_bytes(SECRET)], ID, 1614265330, BODY) == SIGNED


def test_two_secrets_sign_side_by_side() -> None:
    both = signature([b"new", secret_bytes(SECRET)], ID, 1614265330, BODY).split(" ")
    assert len(both) == 2
    assert both[1] == SIGNED


def test_another_body_time_or_id_has_another_signature() -> None:
    secret = [secret_bytes(SECRET)]
    others = {
        signature(secret, ID, 1614265331, BODY),
        signature(secret, ID + "x", 1614265330, BODY),
        signature(secret, ID, 1614265330, BODY + b" "),
    }
    assert len(others | {SIGNED}) == 4


def test_a_secret_is_written_as_its_receiver_keeps_it() -> None:
    assert secret_bytes(secret_text(b"x" * 32)) == b"x" * 32
    with pytest.raises(ValueError, match="not a secret"):
        secret_bytes("whsec_?")


def test_the_wait_doubles_up_to_six_hours() -> None:
    waits = [next_try(attempts, 0, 0, 0.0) for attempts in range(1, 40)]
    assert waits[:3] == [FIRST_RETRY_MS, 2 * FIRST_RETRY_MS, 4 * FIRST_RETRY_MS]
    assert waits[-1] == LONGEST_WAIT_MS


def test_chance_shortens_the_wait_by_up_to_half() -> None:
    assert next_try(1, 0, 1_000, 0.5) == 1_000 + FIRST_RETRY_MS * 3 // 4
    assert next_try(1, 0, 0, 0.999) >= FIRST_RETRY_MS // 2  # type: ignore[operator]


def test_after_three_days_it_is_dead() -> None:
    assert next_try(9, 5, 4 + GIVE_UP_MS, 0.0) is not None
    assert next_try(9, 5, 5 + GIVE_UP_MS, 0.0) is None


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "nonsense", "",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "64:ff9b:1::808:808",
        "fec0::1", "feff::1", "::10.0.0.1", "::127.0.0.1", "::8.8.8.8", "::", "2002:a00:1::1",
        "2002:a9fe:a9fe::", "2002:e000:1::", "::ffff:0:10.0.0.1", "::ffff:0.0.0.0",
        "::ffff:224.0.0.1", "ff0e::1", "100::1", "2001:db8::1", "5f00::1", "4000::1",
    ],
)  # fmt: skip
def test_an_address_inside_is_not_public_however_it_is_written(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "2606:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
        "2a00:1450:4001:80b::200e",
    ],
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


def test_an_address_lies_in_a_network_of_its_kind() -> None:
    networks = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
    assert is_in("10.1.2.3", networks)
    assert is_in("::ffff:10.1.2.3", networks)
    assert is_in("fd00::1", networks)
    assert not is_in("11.1.2.3", networks)
    assert not is_in("nonsense", networks)


def test_a_key_may_be_told_what_it_may_read() -> None:
    assert tellable(frozenset({"matters:read"})) == {"matter.opened", "ping"}
    assert tellable(frozenset({"matters:read", "choices:read"})) == {
        "matter.opened", "alarm.raised", "alarm.over", "rating.unsatisfied", "ping",
    }  # fmt: skip
