"""How far a terminal is on its way into the fleet, and when it asks again. Pure."""

from __future__ import annotations

from typing import Literal, get_args

from device.core.backoff import backoff_ms
from device.core.reaching import Barrier

Stage = Literal[
    Barrier,
    "asking",
    "no_file",
    "wrong_file",
    "no_token",
    "cloned",
    "expired",
    "no_network",
    "no_broker",
    "token_expired",
    "token_refused",
    "busy",
    "storage",
    "failed",
]
STAGES: tuple[Stage, ...] = get_args(Stage)

_BY_PERSON: frozenset[Stage] = frozenset(
    {"no_file", "wrong_file", "no_token", "cloned", "expired", "token_expired", "token_refused"}
)
_FIRST_MS = 2_000
_LONGEST_MS = 600_000
_LONGEST_BY_PERSON_MS = 3_600_000


def wait_ms(stage: Stage, failures: int, jitter: float) -> int:
    """Return how long to wait before the next attempt, in milliseconds.

    The wait doubles with each failure, with full jitter: 300 terminals come back after a power cut
    at once. It grows to ten minutes, so that a network that comes after days is found soon; to an
    hour where a person has to do something first, since a new file is seen at once anyway.

    Args:
        stage: What the last attempt came to.
        failures: How many attempts failed in a row, this one with them.
        jitter: From 0 to 1.
    """
    longest = _LONGEST_BY_PERSON_MS if stage in _BY_PERSON else _LONGEST_MS
    return _FIRST_MS + backoff_ms(failures, jitter, _FIRST_MS, longest)
