"""Waiting for a condition with a deadline, so that no test sleeps a guessed time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], T], timeout_s: float = 10.0, what: str = "condition") -> T:
    """Return the first true result of ``condition``, polled every 10 ms until the deadline."""
    result = within(condition, timeout_s)
    if not result:
        raise AssertionError(f"{what} did not come true within {timeout_s} s")
    return result


def within(condition: Callable[[], T], timeout_s: float) -> T:
    """Return the first true result of ``condition``, or its last one at the deadline."""
    deadline = time.monotonic() + timeout_s
    while True:
        result = condition()
        if result or time.monotonic() > deadline:
            return result
        time.sleep(0.01)
