"""Table ``[buttons]``: the three buttons and their LEDs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast, get_args

if TYPE_CHECKING:
    from pathlib import Path

    from device.settings.tables import Table

Factory = Literal["auto", "gpiod", "lgpio", "rpigpio", "pigpio", "native"]


@dataclass(frozen=True, slots=True)
class ButtonSettings:
    """Table ``[buttons]``: GPIO numbers (BCM) in the order of the choices.

    Attributes:
        pins: The three input pins.
        leds: The three LED pins.
        pull_up: True when a press connects the pin to ground.
        noisy_site: Accept only after 8 consecutive active samples.
        fitted: False for a terminal that has only its touch screen.
        factory: gpiozero's pin factory; ``auto`` is ``gpiod`` where there is a GPIO chip.
        chip: Path or label of the GPIO chip, for ``gpiod``; ``auto`` is the Raspberry Pi's header,
            else the first chip.
    """

    pins: tuple[int, int, int] = (17, 27, 22)
    leds: tuple[int, int, int] = (5, 6, 13)
    pull_up: bool = True
    noisy_site: bool = False
    fitted: bool = True
    factory: Factory = "auto"
    chip: str = "auto"


def read(table: Table, _folder: Path) -> ButtonSettings:
    """Read the table; paths in it are relative to ``folder``.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    normal = ButtonSettings()
    pins, leds = table.pins("pins", normal.pins), table.pins("leds", normal.leds)
    if len({*pins, *leds}) != len(pins) + len(leds):
        raise table.error("pins", "every button and every LED needs a pin of its own")
    return ButtonSettings(
        pins=pins,
        leds=leds,
        pull_up=table.flag("pull_up", normal.pull_up),
        noisy_site=table.flag("noisy_site", normal.noisy_site),
        fitted=table.flag("fitted", normal.fitted),
        factory=cast("Factory", table.one_of("factory", normal.factory, get_args(Factory))),
        chip=table.text("chip", normal.chip, max_chars=100),
    )
