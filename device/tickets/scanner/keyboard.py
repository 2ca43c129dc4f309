"""A scanner's keys, read from the kernel's input device.

The device is grabbed (``EVIOCGRAB``): what a scanner types reaches nobody else on the machine, no
console and no shell. It may be pulled out and put in again at any time.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import struct
from typing import TYPE_CHECKING, Any

from device.core.scanning import Key

if TYPE_CHECKING:
    from collections.abc import Callable

_EVENT = struct.Struct("llHHi")  # struct input_event: time, type, code, value
_EV_KEY = 1
_AT_ONCE = 64
_EVIOCGRAB = 0x40044590


def grab(descriptor: int) -> None:
    """Keep what the device types from everybody else.

    Raises:
        OSError: Somebody else has grabbed it, or it is no input device.
    """
    fcntl.ioctl(descriptor, _EVIOCGRAB, 1)


class Keyboard:
    """The input device at ``path``, whether or not it is plugged in.

    Args:
        path: Of the device.
        seize: Makes an open device ours alone.
    """

    def __init__(self, path: str, seize: Callable[[int], None] = grab) -> None:
        self._path = path
        self._seize = seize
        self._device: int | None = None
        self._rest = b""
        self._epoll = select.epoll()

    @property
    def plugged(self) -> bool:
        """True while the device is there and ours."""
        return self._device is not None

    def plug(self) -> str | None:
        """Open the device if it is there; return why it is not, None if it is."""
        if self._device is not None:
            return None
        try:
            device = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            return error.strerror or str(error)
        try:
            self._seize(device)
            self._epoll.register(device, select.EPOLLIN)
        except OSError as error:
            os.close(device)
            return error.strerror or str(error)
        self._device, self._rest = device, b""
        return None

    def read(self, up: int) -> list[Key]:
        """Return the keys that went down or up by ``up``; never blocks."""
        keys = []
        for kind, code, value in self._events():
            # 2 is a key held down, repeated by the kernel: a scanner holds none.
            if kind == _EV_KEY and value in (0, 1):
                keys.append(Key(up, code, down=value == 1))
        return keys

    def fileno(self) -> int:
        """Return a descriptor that is readable when there are keys, also after replugging."""
        return self._epoll.fileno()

    def close(self) -> None:
        """Give the device back."""
        self._unplugged()
        self._epoll.close()

    def _events(self) -> list[tuple[Any, ...]]:
        if self._device is None:
            return []
        try:
            data = os.read(self._device, _AT_ONCE * _EVENT.size)
        except BlockingIOError:
            return []
        except OSError as error:
            if error.errno != errno.EINTR:
                self._unplugged()
            return []
        if not data:
            self._unplugged()
            return []
        data = self._rest + data
        whole = len(data) - len(data) % _EVENT.size
        self._rest = data[whole:]
        return [event[2:] for event in _EVENT.iter_unpack(data[:whole])]

    def _unplugged(self) -> None:
        if self._device is not None:
            os.close(self._device)
            self._device = None
