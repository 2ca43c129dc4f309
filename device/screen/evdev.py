"""Fingers from the kernel's input devices, on a console without X.

Panels and pointers may come late, go, and come again: the folder is looked at each second. Whatever
has no two axes and no touch is left alone, a keyboard or a scanner too.
"""

from __future__ import annotations

import fcntl
import logging
import select
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from device.hardware.inputs import EV_ABS, EV_KEY, InputDevice
from device.screen.fingers import Finger, axes_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.screen.outputs import Touch

_log = logging.getLogger(__name__)
_FOLDER = Path("/dev/input")
_LOOK_EVERY_MS = 1_000


class EvdevTouches:
    """Implements `Touches` over every touch panel and pointer that there is.

    Args:
        up_ms: Tells monotonic milliseconds.
        folder: Where input devices are.
        ioctl: As `fcntl.ioctl`.
    """

    def __init__(
        self, up_ms: Callable[[], int], folder: Path = _FOLDER, ioctl: Any = fcntl.ioctl
    ) -> None:
        self._up_ms = up_ms
        self._folder = folder
        self._ioctl = ioctl
        self._panels: dict[str, tuple[InputDevice, Finger]] = {}
        self._others: dict[str, object] = {}
        self._faults: dict[str, str] = {}
        self._epoll = select.epoll()
        self._look()

    def read(self) -> list[Touch]:
        """Return what fingers did, and look for devices now and then."""
        touches = [touch for path in list(self._panels) for touch in self._read(path)]
        if self._up_ms() - self._looked_at >= _LOOK_EVERY_MS:
            self._look()
        return touches

    def wakes(self) -> list[int] | None:
        """Return one descriptor for all devices, those too that come later."""
        return [self._epoll.fileno()]

    def closed(self) -> bool:
        """Return False: there is nothing to close."""
        return False

    def close(self) -> None:
        """Give the devices back."""
        for device, _ in self._panels.values():
            device.close()
        self._panels.clear()
        self._epoll.close()

    def _read(self, path: str) -> list[Touch]:
        device, finger = self._panels[path]
        touches = [touch for event in device.read() for touch in finger.feel(event)]
        if device.plugged:
            return touches
        _log.warning("touch: %s is gone", path)
        self._epoll.unregister(device)
        device.close()
        del self._panels[path]
        return [*touches, *finger.lift()]

    def _look(self) -> None:
        self._looked_at = self._up_ms()
        there = sorted(self._folder.glob("event*"))
        for known in (self._others, self._faults):
            for gone in known.keys() - {str(path) for path in there}:
                del known[gone]
        for path in there:
            self._try(str(path))

    def _try(self, path: str) -> None:
        """Take a device if it tells of fingers; others are opened once and not held."""
        identity = _identity(path)
        if path in self._panels or (path in self._others and self._others[path] == identity):
            return
        device = InputDevice(path, self._ioctl)
        fault = device.open()
        axes = None
        if fault is None:
            axes = axes_of(device.codes(EV_KEY), device.codes(EV_ABS), device.limits)
            if axes is None:
                self._others[path] = identity
            else:
                fault = device.grab()
        if axes is None or fault is not None:
            device.close()
            self._say(path, fault)
            return
        self._faults.pop(path, None)
        self._panels[path] = (device, Finger(path, axes))
        self._epoll.register(device, select.EPOLLIN)
        _log.info("touch: %s is there", path)

    def _say(self, path: str, fault: str | None) -> None:
        if fault is not None and self._faults.get(path) != fault:
            _log.warning("touch: %s cannot be used: %s; trying again each second", path, fault)
            self._faults[path] = fault


def _identity(path: str) -> object:
    """Return what another device at the same path has not."""
    with suppress(OSError):
        found = Path(path).stat()
        return (found.st_ino, found.st_ctime_ns)
    return None
