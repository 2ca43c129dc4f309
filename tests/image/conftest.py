"""The image that ``make image`` left in build/image, on a new card for each machine."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from provisioning.image import build, program
from tests.e2e.browser import signed_in
from tests.e2e.system import System, running_system
from tests.image.counter import HOST, give_card
from tests.image.machine import Machine

_CARD = 2 * 1024**3
"""Bytes of the card: more than the image, so that the data partition has to grow."""

IMAGE = program.SOURCE / "build/image"


@pytest.fixture(scope="session")
def image() -> Path:
    """The folder of the image."""
    assert (IMAGE / build.names()[0]).exists(), "no image: run make image"
    return IMAGE


def write_card(image: Path, disk: Path) -> Path:
    """Write the image to a new card and return it."""
    command = ["zstd", "-d", "-q", "--sparse", image / build.names()[0], "-o", disk]
    subprocess.run(command, check=True)
    with disk.open("r+b") as card:
        card.truncate(_CARD)
    return disk


@pytest.fixture
def new_machine(image: Path, tmp_path: Path) -> Iterator[Callable[..., Machine]]:
    """Give a function that makes a machine with a card of its own; all go off afterwards."""
    with ExitStack() as all_machines:

        def make(name: str = "machine", **more: str) -> Machine:
            folder = tmp_path / name
            folder.mkdir()
            disk = write_card(image, folder / "card.img")
            return all_machines.enter_context(Machine(disk, folder, **more))

        yield make


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    """A fleet's broker and server, which also answer to the name that the guest has for them."""
    with running_system(tmp_path, "nats", also=HOST) as one:
        yield one


@pytest.fixture
def machine(system: System, new_machine: Callable[..., Machine]) -> Machine:
    """A machine whose card has the terminal's enrolment file on its boot partition."""
    one = new_machine()
    give_card(system, one)
    return one


@pytest.fixture
def page(system: System, browser: Browser) -> Iterator[Page]:
    """The window of somebody at the office."""
    with signed_in(system, browser) as one:
        yield one
