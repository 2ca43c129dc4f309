"""What end-to-end tests share."""

import threading
from collections.abc import Callable

import pytest


@pytest.fixture
def pause() -> Callable[[float], None]:
    """Let time pass: for accidents at random moments, never to wait for something."""

    def pass_time(seconds: float) -> None:
        threading.Event().wait(seconds)

    return pass_time
