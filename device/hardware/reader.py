"""The thread that samples the buttons: asleep until an edge, every 5 ms while a line is active.

A thread of its own, because drawing and the commit of a press take longer than a press may last.
It only fills a queue and rings the main loop; every decision is in ``core/press.py``.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from device.core.press import SAMPLE_MS, PressDetector
from device.hardware.pins import ButtonPins

if TYPE_CHECKING:
    from device.core.press import PressEvent
    from device.ports import Clock
    from device.settings import ButtonSettings

_LOOK_EVERY_S = 0.25  # also at rest, for a stuck button's recovery and an edge that got lost


class ButtonReader:
    """Reads three buttons in the background; implements the port ``Buttons``.

    Args:
        settings: Pins and wiring.
        factory: The gpiozero pin factory.
        clock: Tells when a sample was taken.
    """

    def __init__(self, settings: ButtonSettings, factory: Any, clock: Clock) -> None:
        self._clock = clock
        self._woken = threading.Event()
        self._pins = ButtonPins(settings, factory, self._woken.set)
        self._detector = PressDetector(len(settings.pins), noisy_site=settings.noisy_site)
        self._events: deque[PressEvent] = deque()
        self._read_end, self._write_end = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._closing = False
        self._samples = 0
        self._thread = threading.Thread(target=self._run, name="buttons", daemon=True)

    @property
    def samples(self) -> int:
        """How many samples were taken since the start."""
        return self._samples

    @property
    def busy(self) -> bool:
        """True while a press may be under way."""
        return self._detector.busy() or self._woken.is_set()

    def look(self) -> None:
        """Have a sample taken now, also at rest."""
        self._woken.set()

    def start(self) -> None:
        """Begin to sample."""
        self._thread.start()

    def take(self) -> list[PressEvent]:
        """Return what happened since the last call, oldest first; never blocks."""
        with suppress(BlockingIOError):
            while os.read(self._read_end, 512):
                pass
        return [self._events.popleft() for _ in range(len(self._events))]

    def fileno(self) -> int:
        """Return a descriptor that becomes readable when ``take`` has something."""
        return self._read_end

    def reads(self) -> bool:
        """Return True once the levels were read."""
        return self._samples > 0

    def acknowledge(self, on: bool) -> None:
        """Light or darken all LEDs."""
        self._pins.light(on, on, on)

    def light_one(self, button: int) -> None:
        """Light one LED, and no other."""
        self._pins.light(*(index == button for index in range(3)))

    def close(self) -> None:
        """End the thread and release the pins."""
        self._closing = True
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()
        self._pins.close()
        os.close(self._read_end)
        os.close(self._write_end)

    def _run(self) -> None:
        while not self._closing:
            self._sample()
            if self._detector.busy():
                time.sleep(SAMPLE_MS / 1000)
            else:
                self._woken.wait(_LOOK_EVERY_S)
                self._woken.clear()

    def _sample(self) -> None:
        edges = self._pins.edges()
        levels = self._pins.levels()
        found = self._detector.sample(self._clock.up_ms(), levels, edges)
        self._samples += 1
        if found:
            self._events.extend(found)
            with suppress(BlockingIOError):  # then the pipe is full of wake-ups already
                os.write(self._write_end, b".")
