"""The words for what keeps a terminal from a server (device/core/reaching.py)."""

import pytest

from device.core.reaching import Distrust, distrust


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (9, "wrong_time"),
        (10, "wrong_time"),
        (62, "wrong_name"),
        (64, "wrong_name"),
        (19, "wrong_ca"),
    ],
)
def test_a_server_that_is_not_trusted_is_told_apart(code: int, told: Distrust) -> None:
    assert distrust(code) == told
