"""When an update may make a terminal useless for some minutes (device/core/quiet.py)."""

from typing import Any

import pytest

from device.core.quiet import Pulse, is_quiet, read_pulse

PATIENCE_S = 600


@pytest.mark.parametrize(
    ("pulse", "silence_ms", "quiet"),
    [
        (Pulse(open=True, serving=True), 0, False),
        (Pulse(open=False, serving=True), 0, False),
        (Pulse(open=False), 0, True),
        (Pulse(open=True, idle_s=599), 0, False),
        (Pulse(open=True, idle_s=600), 0, True),
        (Pulse(open=True, serving=True), 60_000, True),
        (Pulse(open=True), 59_999, False),
    ],
)
def test_a_terminal_is_quiet_when_nobody_would_miss_it(
    pulse: Pulse, silence_ms: int, quiet: bool
) -> None:
    assert is_quiet(pulse, silence_ms, PATIENCE_S) is quiet


def test_what_the_terminal_process_says_of_itself_is_read() -> None:
    said = {"drawn": True, "read": True, "open": False, "serving": True, "idle_s": 7}
    assert read_pulse({"pulse": said}) == Pulse(True, True, False, True, 7)


@pytest.mark.parametrize(
    "said", [{}, {"pulse": 1}, {"pulse": {"drawn": 1, "idle_s": True, "serving": "no"}}]
)
def test_what_is_missing_or_odd_makes_no_quiet_and_no_proof(said: dict[str, Any]) -> None:
    assert read_pulse(said) == Pulse()
