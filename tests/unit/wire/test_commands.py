"""Which commands there are, and what each takes."""

import pytest

from wire.commands import NAMES, Bundle, Order, bundle_arguments, is_older, read_order
from wire.errors import WireError


@pytest.mark.parametrize("name", NAMES)
def test_every_command_goes_without_arguments(name: str) -> None:
    assert read_order(name, {}).name == name


def test_identify_lasts_as_long_as_it_is_told() -> None:
    assert read_order("identify", {"seconds": 60}) == Order("identify", 60)


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("explode", {}, "unknown; the commands are hello, identify"),
        ("Identify", {}, "unknown"),
        ("", {}, "unknown"),
        ("identify", {"seconds": 61}, "seconds: must be a whole number from 1 to 60"),
        ("identify", {"seconds": 0}, "seconds: must be"),
        ("identify", {"seconds": "5"}, "seconds: must be"),
        ("identify", {"seconds": True}, "seconds: must be"),
        ("identify", {"minutes": 1}, "identify takes one argument, seconds"),
        ("identify", {"seconds": 1, "colour": "red"}, "identify takes one argument"),
        ("restart", {"now": True}, "restart takes no arguments"),
        ("update", {"version": "1.4.0"}, "sha256: is missing"),
        ("update", {"version": "v1", "sha256": "a" * 64, "size": 1}, "version: is not a version"),
        ("update", {"version": "01.4.0", "sha256": "a" * 64, "size": 1}, "version: is not"),
        ("update", {"version": "1.4.0", "sha256": "A" * 64, "size": 1}, "sha256: is not a SHA-256"),
        ("update", {"version": "1.4.0", "sha256": "a" * 64, "size": 0}, "size: must be"),
        ("update", {"version": "1.4.0", "sha256": "a" * 64, "size": 1, "url": ""}, "1 unknown"),
    ],
)
def test_what_is_unknown_or_out_of_limits_is_refused(
    name: str, arguments: dict[str, object], said: str
) -> None:
    with pytest.raises(WireError, match=said):
        read_order(name, arguments)


def test_an_update_names_its_bundle_and_where_that_lies() -> None:
    bundle = Bundle("1.4.0", "ab" * 32, 163_000_000, not_before=1_000, deadline=2_000)
    assert read_order("update", bundle_arguments(bundle)) == Order("update", bundle=bundle)
    assert bundle.path == f"/updates/{'ab' * 32}"
    bare = Bundle("1.4.0", "ab" * 32, 1)
    assert bundle_arguments(bare).keys() == {"version", "sha256", "size"}


@pytest.mark.parametrize(
    ("version", "than", "older"),
    [
        ("1.9.0", "1.10.0", True),
        ("1.2.3", "2.0.0", True),
        ("1.2.3", "1.2.3", False),
        ("1.2.4", "1.2.3", False),
        ("1.2.3", "none", False),
        ("", "1.2.3", False),
    ],
)
def test_versions_have_an_order(version: str, than: str, older: bool) -> None:
    assert is_older(version, than) is older
