"""Images of cards, and cards: loop devices where this machine gives any, plain files elsewhere."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.programs import call

MEGA = 1024 * 1024
FAT_AT = MEGA
LINUX_AT = 40 * MEGA
IMAGE = 64 * MEGA
_TABLE = """label: dos
start=2048, size=65536, type=c
start=81920, size=49152, type=83
"""


def run(*words: object, given: str = "") -> str:
    """What a program says."""
    skip = {"MTOOLS_SKIP_CHECK": "1"}
    return call(*map(str, words), given=given.encode(), environment=skip).decode()


def make_image(path: Path, seed: int = 1) -> Path:
    """A 64 MB image: FAT with a config.txt, a partition that ends in 2 MB of noise, zeros else."""
    with path.open("wb") as file:
        file.truncate(IMAGE)
    run("sfdisk", "--quiet", path, given=_TABLE)
    run("mformat", "-i", f"{path}@@{FAT_AT}", "-v", "HAILONG", "-T", 65536, "::")
    run("mcopy", "-i", f"{path}@@{FAT_AT}", "-", "::config.txt", given="arm_64bit=1\n")
    with path.open("r+b") as file:
        file.seek(IMAGE - 2 * MEGA)
        file.write(random.Random(seed).randbytes(2 * MEGA))
    return path


def on_card(card: Path, name: str) -> str:
    """A file of the card's FAT partition, read by mtools."""
    return run("mtype", "-i", f"{card}@@{FAT_AT}", f"::{name}")


@contextmanager
def loop(file: Path) -> Iterator[Path]:
    """The loop device of a file."""
    device = run("losetup", "--find", "--show", file).strip()
    try:
        yield Path(device)
    finally:
        run("losetup", "--detach", device)


def have_loops(folder: Path) -> bool:
    """Whether this machine lets us make loop devices."""
    file = folder / "probe"
    file.write_bytes(bytes(MEGA))
    try:
        with loop(file):
            return True
    except ProvisioningError:
        return False
    finally:
        file.unlink()


class Watching:
    """Shows nothing, and does something at a chosen moment of a chosen step."""

    def __init__(self, step: str = "", act: Callable[[], None] = lambda: None) -> None:
        self._step, self._act = step, act
        self.steps: list[str] = []
        self.total = self.done = 0

    def begin(self, what: str, total: int) -> None:
        self.steps.append(what)
        self.total, self.done = total, 0

    def move(self, count: int) -> None:
        self.done += count
        if self.steps[-1] == self._step:
            self._step = ""
            self._act()

    def end(self) -> None:
        assert self.done == self.total


def spoil(file: Path, offset: int) -> None:
    """Change one byte, as a worn card does."""
    descriptor = os.open(file, os.O_RDWR)
    byte = os.pread(descriptor, 1, offset)
    os.pwrite(descriptor, bytes([byte[0] ^ 1]), offset)
    os.fsync(descriptor)
    os.close(descriptor)
