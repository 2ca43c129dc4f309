"""Input devices as the kernel shows them: what they can send, and events out of a pipe."""

import errno
import os
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_EVENT = struct.Struct("llHHi")
GRAB, NAMED_BITS, NAMED_RANGE = 0x40044590, 0x20, 0x40


def event(kind: int, code: int, value: int) -> bytes:
    """Return one event as the kernel writes it."""
    return _EVENT.pack(0, 0, kind, code, value)


REPORT = event(0, 0, 0)
DROPPED = event(0, 3, 0)


class FakeDevice:
    """One device that tests plug in, pull out, and let say something.

    Args:
        path: Where it appears.
        keys: The keys that it has.
        ranges: The least and the most of each axis that it has.
    """

    def __init__(
        self,
        path: Path,
        keys: Iterable[int] = (),
        ranges: Mapping[int, tuple[int, int]] | None = None,
    ) -> None:
        self.path = path
        self.bits = {1: set(keys), 3: set(ranges or {})}
        self.ranges = ranges or {}
        self.grabs = 0
        self.busy = False
        self._writing: int | None = None

    def plug(self) -> "FakeDevice":
        """Put it in."""
        os.mkfifo(self.path)
        # Opened for both, so that it neither waits for a reader nor is at its end without one.
        self._writing = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)
        return self

    def pull(self) -> None:
        """Pull it out, if it is in."""
        if self._writing is not None:
            os.close(self._writing)
            self.path.unlink()
        self._writing = None

    def say(self, data: bytes) -> None:
        """Write what it says; no more than a pipe takes."""
        assert self._writing is not None
        assert os.write(self._writing, data) == len(data)

    def answer(self, number: int, argument: Any) -> None:
        """Answer a call, as the kernel does for the device."""
        if number == GRAB:
            if self.busy:
                raise OSError(errno.EBUSY, "Device or resource busy")
            self.grabs += 1
            return
        asked, size = number & 0xFF, number >> 16 & 0x3FFF
        if asked >= NAMED_RANGE:
            if asked - NAMED_RANGE not in self.ranges:
                raise OSError(errno.EINVAL, "Invalid argument")
            least, most = self.ranges[asked - NAMED_RANGE]
            argument[:] = struct.pack("iiiiii", 0, least, most, 0, 0, 0)
        else:
            codes = self.bits.get(asked - NAMED_BITS, set())
            argument[:] = sum(1 << code for code in codes).to_bytes(size, "little")


class FakeInputs:
    """All devices of a machine; `ioctl` is what the programs call."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self._devices: list[FakeDevice] = []

    def add(self, device: FakeDevice) -> FakeDevice:
        """Let a device be known; it is not plugged in yet."""
        self._devices.append(device)
        return device

    def forget(self, device: FakeDevice) -> None:
        """Let a device be unknown again."""
        self._devices.remove(device)

    def ioctl(self, descriptor: int, number: int, argument: Any, _mutate: bool = True) -> int:
        """Answer as the kernel."""
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        for device in self._devices:
            if device.path == path:
                device.answer(number, argument)
                return 0
        raise OSError(errno.ENOTTY, "Inappropriate ioctl for device")

    def close(self) -> None:
        """Pull out everything."""
        for device in self._devices:
            device.pull()
