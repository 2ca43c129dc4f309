"""Press → visible, beside a bare commit and a bare flip of the same size.

Measured from what the integrator accepted on: it looks at a line for about 30 ms before it believes
a press (``device/core/press.py``; shown in ``tests/bench/light.py``).
"""

import time
from typing import Any

import pygame

from device.core.press import Accepted
from device.settings import SoundSettings
from device.sound.mixer import MixerSound
from device.sound.none import NoSound
from device.sound.screen import HeardScreen
from tests.bench.counter import Bench, counter
from tests.bench.measure import Timings, report, timed
from tests.bench.press import insert
from tests.fakes.counter import FakeButtons
from tests.fakes.journals import StillClock

TIMES, PAUSE_S = 200, 0.03
AIM_MS = 2.0


def run() -> list[str]:
    """Return the figures."""
    with counter() as made:
        lines = visible(made, "accepted press → commit, light, flip", NoSound())
        sound = MixerSound(SoundSettings(fitted=True))
        lines += visible(made, "the same with sound", sound)
        sound.close()
        return lines


def visible(made: Bench, name: str, sound: Any) -> list[str]:
    """Time from what the integrator accepted to a flip that returned."""
    clock, buttons = StillClock(), FakeButtons()
    desk = made.desk(clock, buttons, HeardScreen(made.screen, sound))
    row = made.journal.newest_token()
    window = pygame.display.get_surface()
    assert window is not None
    pictures = [window.copy(), window.copy()]
    pictures[1].fill("white")

    def press() -> None:
        buttons.events.append(Accepted(1, clock.up_ms()))
        desk.turn()

    def bare() -> None:
        insert(made.bare, row)
        pictures.reverse()
        window.blit(pictures[0], (0, 0))
        made.flip()

    ours: list[float] = []
    bares: list[float] = []
    own: list[float] = []
    for _ in range(TIMES):
        # Back to the question, the next pictures drawn and the last sound begun, as in life.
        clock.advance(60_000)
        desk.turn()
        time.sleep(PAUSE_S)
        before = made.commits.seconds + made.flips.seconds
        ours.append(timed(press))
        own.append(ours[-1] - (made.commits.seconds + made.flips.seconds - before))
        bares.append(timed(bare))
    mine, theirs = Timings(name, ours), Timings("bare SQLite commit and bare flip", bares)
    alone = Timings("of it our own, without commit and flip", own)
    return [*report(mine, theirs), f"{alone}   aim: p95 under {AIM_MS} ms"]
