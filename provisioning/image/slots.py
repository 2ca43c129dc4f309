#!/usr/bin/python3.13 -IS
"""RAUC's boot backend: which of the two roots starts. On a terminal: /usr/lib/hailong/boot-slots.

The image installs this file as it is, so it uses the standard library alone and nothing of ours
stands between a broken program and the way back.

The Pi's firmware reads ``config.txt``, whose ``os_prefix`` names the folder of kernel, initrd and
command line: ``a/`` or ``b/``. The file is one sector long and is overwritten in place, so a power
cut leaves the old text or the new one. A new system is tried once: its own initrd writes the good
one's ``config.txt`` back before it does anything else, so whatever happens then, the next start
is the old system again, unless ``set-state B good`` came first.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

SECTOR = 512
DEVICES = {
    "A": Path("/dev/disk/by-partuuid/48414c4f-02"),
    "B": Path("/dev/disk/by-partuuid/48414c4f-03"),
}
_FIRMWARE = Path("/boot/firmware")
# Where a root keeps what belongs on the FAT partition.
BOOT_FILES = Path("usr/lib/hailong/boot")
_CONFIG = """\
# Which system starts. boot-slots writes this file whole: own lines go into extra.txt.
# good={good}
os_prefix={start}/
arm_64bit=1
upstream_kernel=1
kernel=vmlinuz
initramfs initrd.img followkernel
enable_uart=1
disable_overscan=1
include extra.txt
"""


class SlotError(Exception):
    """The boot partition isn't as it should be, or what was asked for is senseless."""


@dataclass(frozen=True)
class Choice:
    """What ``config.txt`` says.

    Attributes:
        start: slot that starts next.
        good: slot that has proved itself; another ``start`` is on trial.
    """

    start: str
    good: str


def render(choice: Choice) -> bytes:
    """Return ``config.txt``: exactly one sector."""
    text = _CONFIG.format(start=choice.start.lower(), good=choice.good.lower())
    return text.encode().ljust(SECTOR, b"\n")


def parse(config: bytes) -> Choice:
    """Read ``config.txt``.

    Raises:
        SlotError: it was not written by ``render``.
    """
    for start in DEVICES:
        for good in DEVICES:
            if config == render(Choice(start, good)):
                return Choice(start, good)
    raise SlotError("config.txt on the boot partition is not as boot-slots left it")


def fill(files: Path, target: Path, slot: str) -> None:
    """Copy a root's boot files to ``target``, the slot's folder on the FAT partition."""
    target.mkdir()
    for file in sorted(files.iterdir()):
        data = file.read_bytes()
        if file.name == "cmdline.txt":
            data = data.replace(b"@SLOT@", slot.encode())
        _write(target / file.name, data)
    # What the initrd of the other slot puts back when it has been tried.
    _write(target / "start.txt", render(Choice(slot, slot)))


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


class Slots:
    """The commands of the backend over a FAT partition at ``firmware``."""

    def __init__(self, firmware: Path, devices: dict[str, Path]) -> None:
        self._firmware, self._devices = firmware, devices

    def get_primary(self) -> str:
        """Return the slot that starts next."""
        return self._choice().start

    def get_state(self, slot: str) -> str:
        """Return ``good`` for the slot that has proved itself, else ``bad``."""
        return "good" if slot == self._choice().good else "bad"

    def set_primary(self, slot: str) -> None:
        """Let ``slot`` start next, once; its kernel is copied to the FAT partition first."""
        choice = self._choice()
        with _writable(self._firmware):
            if slot != choice.good:
                self._copy_kernel(slot)
            self._choose(replace(choice, start=slot))

    def set_state(self, slot: str, state: str) -> None:
        """Take ``slot`` for good from now on; ``bad`` ends its trial.

        Raises:
            SlotError: the only good slot would be called bad.
        """
        choice = self._choice()
        if state == "good":
            wanted = Choice(slot, slot)
        elif slot == choice.good:
            raise SlotError(f"{slot} is the only slot that is known to work")
        else:
            wanted = Choice(choice.good, choice.good)
        if wanted != choice:
            with _writable(self._firmware):
                self._choose(wanted)

    def _choice(self) -> Choice:
        try:
            return parse((self._firmware / "config.txt").read_bytes())
        except OSError as error:
            raise SlotError(f"{error.filename}: {error.strerror}") from None

    def _choose(self, choice: Choice) -> None:
        with (self._firmware / "config.txt").open("r+b") as file:
            file.write(render(choice))
            file.flush()
            os.fsync(file.fileno())

    def _copy_kernel(self, slot: str) -> None:
        folder = self._firmware / slot.lower()
        fresh = folder.with_suffix(".new")
        for old in (fresh, folder):
            shutil.rmtree(old, ignore_errors=True)
        with _mounted(self._devices[slot]) as root:
            fill(root / BOOT_FILES, fresh, slot)
        fresh.rename(folder)


@contextlib.contextmanager
def _mounted(device: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/run") as point:
        _call("mount", "-o", "ro,nosuid,nodev,noexec", str(device), point)
        try:
            yield Path(point)
        finally:
            _call("umount", point)


@contextlib.contextmanager
def _writable(firmware: Path) -> Iterator[None]:
    _call("mount", "-o", "remount,rw", str(firmware))
    try:
        yield
    finally:
        os.sync()
        _call("mount", "-o", "remount,ro", str(firmware))


def _call(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SlotError(f"{' '.join(words)}: {done.stderr.strip()}")


def main(words: Sequence[str]) -> int:
    """Do what RAUC asks: get-primary, set-primary A, get-state A, or set-state A good (or bad)."""
    slots = Slots(_FIRMWARE, DEVICES)
    try:
        match list(words):
            case ["get-primary"]:
                print(slots.get_primary())
            case ["get-state", slot] if slot in DEVICES:
                print(slots.get_state(slot))
            case ["set-primary", slot] if slot in DEVICES:
                slots.set_primary(slot)
            case ["set-state", slot, "good" | "bad" as state] if slot in DEVICES:
                slots.set_state(slot, state)
            case _:
                print(main.__doc__, file=sys.stderr)
                return 2
    except (SlotError, OSError) as error:
        print(f"boot-slots: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
