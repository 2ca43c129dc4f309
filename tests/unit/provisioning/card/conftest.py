"""A 64 MB image, an enrolment file, and a card for each test."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from provisioning.enrol import files
from provisioning.layout import FleetLayout
from tests.fakes import card_images

NEVER = 4_000_000_000_000


@dataclass(frozen=True)
class Card:
    """A card of 96 MB: the device, and the file that is behind it (the same, without loops)."""

    device: Path
    behind: Path

    @property
    def loop(self) -> bool:
        """Whether it is a block device of the kernel's."""
        return self.device != self.behind


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return card_images.make_image(tmp_path_factory.mktemp("image") / "hailong.img")


@pytest.fixture
def image(_made: Path, tmp_path: Path) -> Path:
    """An image of this test's own."""
    return shutil.copy(_made, tmp_path / "hailong.img")


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Card]:
    """A card full of somebody's bytes; on a loop device where this machine gives one."""
    behind = tmp_path / "card"
    behind.write_bytes(b"\xa5" * (96 * card_images.MEGA))
    if not card_images.have_loops(tmp_path):
        yield Card(behind, behind)
        return
    with card_images.loop(behind) as device:
        yield Card(device, behind)


@pytest.fixture
def enrolment(layout: FleetLayout) -> Path:
    """The enrolment file of terminal t-1."""
    invited = files.Invitation("t-1", "Q1", "Quầy 1", "x" * 43, NEVER)
    server = files.Server("https://f.example:8443", "f.example", 8883)
    return files.keep(layout, "t-1", files.text(layout, invited, server))
