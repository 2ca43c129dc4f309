"""Which commands there are, and what each takes."""

import pytest

from wire.commands import NAMES, Order, read_order
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
    ],
)
def test_what_is_unknown_or_out_of_limits_is_refused(
    name: str, arguments: dict[str, object], said: str
) -> None:
    with pytest.raises(WireError, match=said):
        read_order(name, arguments)
