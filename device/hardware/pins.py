"""Three buttons and their LEDs as gpiozero devices on an explicit pin factory.

``DigitalInputDevice`` and not ``Button``: the latter starts a thread per button for holding, and
its ``bounce_time`` means something else on every pin driver. Nothing here decides what a press is.
"""

from __future__ import annotations

import logging
import os
import warnings
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from gpiozero import LED, Device, DigitalInputDevice, GPIOZeroError

from device.errors import DeviceError
from device.ports import ButtonsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.settings import ButtonSettings

_log = logging.getLogger(__name__)


class ButtonPins:
    """Levels, edge counts and LEDs of the three buttons.

    Args:
        settings: Which pins, and how they are wired.
        factory: The gpiozero pin factory to make them on.
        on_edge: Called from the driver's thread at every edge; must only set a flag.

    Raises:
        ButtonsError: A pin cannot be had.
    """

    def __init__(self, settings: ButtonSettings, factory: Any, on_edge: Callable[[], None]) -> None:
        self._on_edge = on_edge
        self._edges = [0, 0, 0]
        try:
            self._leds = [LED(pin, pin_factory=factory) for pin in settings.leds]
            self._inputs = [
                DigitalInputDevice(pin, pull_up=settings.pull_up, pin_factory=factory)
                for pin in settings.pins
            ]
        except (GPIOZeroError, OSError) as error:
            raise ButtonsError(f"buttons: a pin cannot be used: {error}") from None
        for index, device in enumerate(self._inputs):
            device.when_activated = device.when_deactivated = self._counter(index)

    def levels(self) -> list[bool]:
        """Return which buttons are active now, in the order of the choices."""
        return [bool(device.value) for device in self._inputs]

    def edges(self) -> list[int]:
        """Return the raw edges since the last call, and begin to count anew."""
        seen = self._edges
        self._edges = [0, 0, 0]
        return seen

    def light(self, *on: bool) -> None:
        """Light or darken each LED, in the order of the choices."""
        for led, lit in zip(self._leds, on, strict=True):
            led.value = lit

    def close(self) -> None:
        """Release the pins; the LEDs go dark."""
        for device in (*self._inputs, *self._leds):
            device.close()

    def _counter(self, index: int) -> Callable[[], None]:
        def count() -> None:
            self._edges[index] += 1
            self._on_edge()

        return count


def board_factory(settings: ButtonSettings) -> Any:
    """Return gpiozero's pin factory for the board that this runs on.

    Args:
        settings: Which factory, and for ``gpiod`` which chip.

    Raises:
        DeviceError: There are no pins here.
    """
    try:
        # gpiozero warns of every driver that it does not find, before the error and without it.
        with warnings.catch_warnings(record=True) as missing:
            warnings.simplefilter("always")
            factory = _factory(settings)
    except (GPIOZeroError, ImportError, OSError) as error:
        raise DeviceError(
            f"buttons: no GPIO pins on this machine ({error}); run with --simulate, or set "
            "buttons.fitted = false for a terminal with a touch screen only"
        ) from None
    for one in missing:
        _log.info("pins: %s", one.message)
    return factory


def _factory(settings: ButtonSettings) -> Any:
    chosen_outside = settings.factory == "auto" and os.environ.get("GPIOZERO_PIN_FACTORY")
    if settings.factory in ("auto", "gpiod") and not chosen_outside:
        from device.hardware.gpiod.factory import GpiodFactory

        return GpiodFactory(settings.chip)
    if settings.factory != "auto":
        (entry,) = entry_points(group="gpiozero_pin_factories", name=settings.factory)
        return entry.load()()
    Device.ensure_pin_factory()
    # Ours alone to close: gpiozero would hand out a closed one again.
    factory, Device.pin_factory = Device.pin_factory, None
    return factory
