"""What end-to-end tests share."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.system import System, running_system
from tests.fakes.brokers import BESIDE
from tests.fakes.showroom import Showroom, showroom


@pytest.fixture(scope="module")
def room(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Showroom]:
    """The pages of the office, for a browser."""
    with showroom(tmp_path_factory.mktemp("showroom") / "fleet") as found:
        yield found


@pytest.fixture
def system(engine: str, tmp_path: Path) -> Iterator[System]:
    """A whole system of each engine, for one test; many files have another instead."""
    with running_system(tmp_path, BESIDE[engine]) as one:
        yield one


@pytest.fixture
def pause() -> Callable[[float], None]:
    """Let time pass: for accidents at random moments, never to wait for something."""

    def pass_time(seconds: float) -> None:
        threading.Event().wait(seconds)

    return pass_time
