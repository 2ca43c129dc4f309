"""gpiozero's pin factory over the kernel's GPIO character device (libgpiod 2).

Also under its own name, for any program: ``GPIOZERO_PIN_FACTORY=gpiod``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gpiod
from gpiozero import BadPinFactory
from gpiozero.pins import BoardInfo, Factory, HeaderInfo, PinInfo
from gpiozero.pins.local import LocalPiFactory
from gpiozero.pins.pi import PiFactory

from device.hardware.gpiod.chip import AUTO, find_chip
from device.hardware.gpiod.pin import GpiodPin
from device.hardware.gpiod.watching import Watching

if TYPE_CHECKING:
    from gpiod import LineRequest, LineSettings

_CONSUMER = "hailong"


class GpiodFactory(PiFactory):  # type: ignore[misc] # gpiozero brings no types
    """Makes pins out of the lines of one chip: pin 17, ``"17"`` and ``"GPIO17"`` are line 17.

    On a Raspberry Pi these are the BCM numbers. The board need not be a Raspberry Pi.

    Args:
        chip: Path or label of the chip; ``auto`` is the one behind the Pi's header, else the first.

    Raises:
        BadPinFactory: There is no such chip, or it may not be used.
    """

    def __init__(self, chip: str = AUTO) -> None:
        super().__init__()
        self.pin_class = GpiodPin
        self.path = find_chip(chip)
        try:
            self._chip = gpiod.Chip(self.path)
        except OSError as error:
            raise BadPinFactory(f"{self.path}: {error.strerror or error}") from None
        told = self._chip.get_info()
        self._info = _board(told.label, told.num_lines)
        self.watching = Watching()

    ticks = staticmethod(LocalPiFactory.ticks)
    ticks_diff = staticmethod(LocalPiFactory.ticks_diff)
    spi = Factory.spi

    def close(self) -> None:
        """Let go of all lines and of the chip."""
        super().close()
        if self._chip:
            self.watching.close()
            self._chip.close()

    def request(self, line: int, settings: LineSettings) -> LineRequest:
        """Ask for a line.

        Raises:
            OSError: The kernel refuses.
        """
        return self._chip.request_lines({line: settings}, consumer=_CONSUMER)

    def owner(self, line: int) -> str:
        """Return who has a line, as far as the kernel knows."""
        return self._chip.get_line_info(line).consumer


def _board(label: str, lines: int) -> Any:
    """Describe a chip as gpiozero describes boards: one header, a pin for each line."""
    pins = {
        line: PinInfo(
            number=line,
            name=f"GPIO{line}",
            names=frozenset({line, str(line), f"GPIO{line}"}),
            pull="",
            row=line + 1,
            col=1,
            interfaces=frozenset({"gpio"}),
        )
        for line in range(lines)
    }
    header = HeaderInfo(name=label, rows=lines, columns=1, pins=pins)
    unknown = dict.fromkeys(BoardInfo._fields)
    return BoardInfo(
        **{**unknown, "model": label, "headers": {label: header}, "board": "{headers}"}
    )
