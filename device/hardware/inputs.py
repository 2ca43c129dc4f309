"""The kernel's input devices (evdev): scanners, touch panels, pointers.

Events are a fixed struct, read from ``/dev/input/event*``. A device is grabbed (``EVIOCGRAB``):
what it types or points at reaches nobody else on the machine, no console and no shell. It may be
pulled out and put in again at any time.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import struct
from contextlib import suppress
from typing import Any, NamedTuple

EV_SYN, EV_KEY, EV_ABS = 0, 1, 3
"""Types of events, from ``input-event-codes.h``."""

_EVENT = struct.Struct("llHHi")  # struct input_event: time (two longs), type, code, value
_RANGE = struct.Struct("iiiiii")  # struct input_absinfo: value, least, most, fuzz, flat, resolution
_AT_ONCE = 64
_NONE = -1
_GRAB = 0x40044590  # EVIOCGRAB
_BITS, _LIMITS = 0x20, 0x40  # the first of EVIOCGBIT and of EVIOCGABS
_MOST_CODES = 0x300

Ioctl = Any
"""As `fcntl.ioctl`."""


class Event(NamedTuple):
    """Something that a device says: a type, a code within it, a value."""

    kind: int
    code: int
    value: int


class InputDevice:
    """The input device at ``path``, whether or not it is plugged in.

    Args:
        path: Of the device.
        ioctl: Calls the kernel.
    """

    def __init__(self, path: str, ioctl: Ioctl = fcntl.ioctl) -> None:
        self.path = path
        self._ioctl = ioctl
        self._device = _NONE
        self._rest = b""
        self._epoll = select.epoll()

    @property
    def plugged(self) -> bool:
        """True while the device is there and ours."""
        return self._device != _NONE

    def plug(self) -> str | None:
        """Open the device if it is there, and make it ours; return why that failed, or None."""
        if self.plugged:
            return None
        return self.open() or self.grab()

    def open(self) -> str | None:
        """Open the device without taking it from others; return why that failed, or None."""
        try:
            self._device = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            return error.strerror or str(error)
        self._rest = b""
        return None

    def grab(self) -> str | None:
        """Make an open device ours alone; let go of it and return why, where that fails."""
        try:
            self._ioctl(self._device, _GRAB, 1)
            self._epoll.register(self._device, select.EPOLLIN)
        except OSError as error:
            self.unplug()
            return error.strerror or str(error)
        return None

    def codes(self, kind: int) -> frozenset[int]:
        """Return which codes of a type of events a device that is there can send."""
        bits = bytearray(_MOST_CODES // 8)
        self._ask(_BITS + kind, bits)
        whole = int.from_bytes(bits, "little")
        return frozenset(code for code in range(_MOST_CODES) if whole >> code & 1)

    def limits(self, axis: int) -> tuple[int, int] | None:
        """Return the least and the most of an axis; None where the device has no such axis."""
        told = bytearray(_RANGE.size)
        self._ask(_LIMITS + axis, told)
        _, least, most, *_ = _RANGE.unpack(told)
        return (least, most) if least < most else None

    def read(self) -> list[Event]:
        """Return what the device says; never blocks."""
        if not self.plugged:
            return []
        try:
            data = os.read(self._device, _AT_ONCE * _EVENT.size)
        except BlockingIOError:
            return []
        except OSError as error:
            if error.errno != errno.EINTR:
                self.unplug()
            return []
        if not data:
            self.unplug()
            return []
        data = self._rest + data
        whole = len(data) - len(data) % _EVENT.size
        self._rest = data[whole:]
        return [Event(*event[2:]) for event in _EVENT.iter_unpack(data[:whole])]

    def fileno(self) -> int:
        """Return a descriptor that is readable when there are events, also after replugging."""
        return self._epoll.fileno()

    def unplug(self) -> None:
        """Let go of the device; it may be plugged again."""
        if self.plugged:
            os.close(self._device)
            self._device = _NONE

    def close(self) -> None:
        """Give the device back for good."""
        self.unplug()
        self._epoll.close()

    def _ask(self, number: int, answer: bytearray) -> None:
        """Call ``_IOR('E', number, answer)``; what a device does not know leaves the answer 0."""
        with suppress(OSError):
            whole = 2 << 30 | len(answer) << 16 | ord("E") << 8 | number
            self._ioctl(self._device, whole, answer, True)
