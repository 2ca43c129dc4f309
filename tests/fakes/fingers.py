"""A finger on a mock button: pins of gpiozero's mock factory, moved as in real life."""

from typing import Any

from gpiozero.pins.mock import MockFactory

from device.hardware.reader import ButtonReader
from device.settings import ButtonSettings
from device.simulation.simulation import MockFingers
from tests.fakes.journals import StillClock
from tests.fakes.wait import eventually
from wire.records import Choice


class Panel:
    """Three mock buttons with the real reader behind them."""

    def __init__(self, settings: ButtonSettings | None = None, clock: Any = None) -> None:
        self.settings = settings or ButtonSettings()
        self.clock = clock or StillClock()
        self.factory = MockFactory()
        self.reader = ButtonReader(self.settings, self.factory, self.clock)
        self.fingers = MockFingers(self.factory, self.settings)

    def down(self, choice: Choice) -> None:
        """Put a finger on a button."""
        self.fingers.move(choice, down=True)

    def up(self, choice: Choice) -> None:
        """Take it off."""
        self.fingers.move(choice, down=False)

    def samples(self, number: int) -> None:
        """Let the reader take so many more samples."""
        wanted = self.reader.samples + number
        eventually(lambda: self._looked(wanted), 5, f"{number} samples")

    def _looked(self, wanted: int) -> bool:
        self.reader.look()
        return self.reader.samples >= wanted

    def leds(self) -> list[bool]:
        """Return which LEDs are lit."""
        return [bool(self.factory.pin(pin).state) for pin in self.settings.leds]

    def close(self) -> None:
        """End the reader and the mock pins."""
        self.reader.close()
        self.factory.reset()
