"""Whom a brake takes for one caller."""

import pytest

from fleet_server.core.callers import LONGEST, caller


@pytest.mark.parametrize(
    ("address", "one"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:0:1::7", "2001:db8:0:1::/64"),
        ("2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:1::/64"),
        ("2001:db8:0:2::7", "2001:db8:0:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("unix:", "unix:"),
        ("", ""),
    ],
)
def test_an_address_is_one_caller_and_so_is_a_network_of_ipv6(address: str, one: str) -> None:
    assert caller(address) == one


def test_what_is_no_address_is_not_kept_at_any_length() -> None:
    assert len(caller("x" * 10_000)) == LONGEST
