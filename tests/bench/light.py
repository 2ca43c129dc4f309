"""What wakes the main loop: an edge on a pin → light, and a touch → highlight.

Both with the real threads and the real loop; a pin is a mock one, a touch is xdotool's.
"""

import time

from gpiozero.pins.mock import MockFactory

from device.clock import SystemClock
from device.core.press import ACCEPT_AT, SAMPLE_MS
from device.counter.desk import Desk
from device.hardware.none import NoButtons
from device.hardware.reader import ButtonReader
from device.settings import ButtonSettings
from device.simulation.simulation import MockFingers
from tests.bench.counter import Bench, counter, until
from tests.bench.measure import Timings, report, timed
from tests.fakes.counter import touch

TIMES = 30
BESIDE = (1, 1)
"""A place on the panel that is no target."""


def run() -> list[str]:
    """Return the figures."""
    with counter() as made:
        return light(made) + highlight(made)


def light(made: Bench) -> list[str]:
    """Time from the edge to the light; beside it, the samples that the integrator asks for."""
    factory, settings = MockFactory(), ButtonSettings()
    clock = SystemClock(trusted=True)
    reader = ButtonReader(settings, factory, clock)
    reader.start()
    fingers, led = MockFingers(factory, settings), factory.pin(settings.leds[1])
    lit: list[float] = []
    bare: list[float] = []

    def press() -> None:
        fingers.move("satisfied", down=True)
        until(lambda: bool(led.state))

    def work(_desk: Desk) -> None:
        for _ in range(TIMES):
            lit.append(timed(press))
            bare.append(timed(_samples))
            fingers.move("satisfied", down=False)
            until(lambda: not led.state and not reader.busy)

    made.loop(clock, reader, work)
    reader.close()
    name = f"bare: {ACCEPT_AT} samples, {SAMPLE_MS} ms apart"
    return report(Timings("edge on the pin → light", lit), Timings(name, bare))


def highlight(made: Bench) -> list[str]:
    """Time from a finger that goes down to its target's highlight; beside it, xdotool alone."""
    shown: list[float] = []
    bare: list[float] = []
    buttons = NoButtons()

    def work(_desk: Desk) -> None:
        painted = made.screen._painted
        assert painted is not None
        place = painted.targets[touch("satisfied")].center
        for _ in range(TIMES):
            flips = made.flips.calls
            bare.append(timed(lambda: made.display.pointer("mousemove", *place)))
            began = time.perf_counter()
            made.display.pointer("mousedown", 1)
            until(lambda before=flips: made.flips.calls > before)  # type: ignore[misc]
            shown.append(time.perf_counter() - began)
            flips = made.flips.calls
            made.display.pointer("mousemove", *BESIDE, "mouseup", 1)
            until(lambda before=flips: made.flips.calls > before)  # type: ignore[misc]

    made.loop(SystemClock(trusted=True), buttons, work)
    buttons.close()
    name = "finger down → highlighted, with xdotool's start"
    return report(Timings(name, shown), Timings("bare: xdotool alone", bare))


def _samples() -> None:
    for _ in range(ACCEPT_AT):
        time.sleep(SAMPLE_MS / 1000)
