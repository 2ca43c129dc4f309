"""Entry of the terminal process: the screen, the parts behind it, and their main loop.

The screen comes first: people should see it while the rest is still being loaded.
"""

from __future__ import annotations

import logging
import select
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from device.calls import Calls
from device.clock import SystemClock
from device.counter.overlays import out_of_service
from device.errors import sentence
from device.loop import Loop
from device.placing.shown import site_trouble
from device.ports import ButtonsError, JournalError
from device.site import site_of, starting
from device.sound.none import NoSound
from device.sound.screen import HeardScreen
from device.stop import Stop
from device.versions import versions
from device.watchdog import Watchdog
from wire.records import Boot

if TYPE_CHECKING:
    from pathlib import Path

    from device.assembly import Front, Parts
    from device.journal.troubles import Troubles
    from device.ports import Screen, Sound
    from device.settings import Settings

_log = logging.getLogger(__name__)
_RETRY_S = 5.0


@dataclass(frozen=True, slots=True)
class Options:
    """How the terminal is to be run.

    Attributes:
        simulate: Mock pins, moved by lines on standard input; the injected clock.
        window: Show a window, or nothing; None is what the settings say.
        site: Folder in which it stands why the enrolment file could not be applied, if so.
        serial: Serial number of the board, None where it has none.
    """

    simulate: bool = False
    window: bool | None = None
    site: Path | None = None
    serial: str | None = None


def run(settings: Settings, options: Options) -> int:
    """Run one terminal until SIGTERM, SIGINT, a closed window or the end of the simulation.

    Returns:
        The exit code.

    Raises:
        DeviceError: A part of the machine cannot be used; the text says which.
        JournalError: A simulation's journal can neither be opened nor begun.
    """
    with ExitStack() as stack:
        screen = HeardScreen(open_screen(settings, options), _open_sound(settings))
        stack.callback(screen.close)
        screen.show(starting(settings, 1))
        calls = Calls()
        stack.callback(calls.close)
        stop = Stop()
        stack.callback(stop.close)
        stop.heed_signals()
        watchdog = Watchdog()

        parts = _build(settings, options, screen, calls, stop, watchdog, stack)
        if parts is None:
            return 0
        runs = versions()
        parts.desk.start(Boot(firmware=runs.firmware, image=runs.image), parts.memory.before.ticket)
        if options.site is not None:
            parts.desk.notice(site_trouble(options.site, settings.terminal.counter_name))
        watchdog.ready()
        Loop(
            parts.memory.clock,
            screen,
            parts.buttons,
            parts.tickets,
            calls,
            parts.news,
            (parts.desk, parts.keeper, parts.remote, parts.care, parts.joining),
            watchdog,
            parts.desk.blinks,
        ).run(stop)
        parts.desk.finish()
    return 0


def open_screen(settings: Settings, options: Options) -> Screen:
    """Return the panel; pygame is loaded only where there is one."""
    if not settings.screen.fitted:
        from device.screen.none import NoScreen

        return NoScreen()
    from device.screen.opening import open_screen
    from device.screen.window import has_display

    title = f"Hailong · {settings.terminal.counter_name}"
    # A simulation never takes the display of the machine on which somebody tries it out.
    window = has_display() if options.simulate and options.window is None else options.window
    return open_screen(settings.screen, title, SystemClock().up_ms, window)


def _open_sound(settings: Settings) -> Sound:
    if not settings.sound.fitted:
        return NoSound()
    from device.sound.mixer import MixerSound

    return MixerSound(settings.sound)


def _build(
    settings: Settings,
    options: Options,
    screen: HeardScreen,
    calls: Calls,
    stop: Stop,
    watchdog: Watchdog,
    stack: ExitStack,
) -> Parts | None:
    """Build everything behind the screen; None when the end was asked for before that worked.

    A terminal at a counter whose disk or pins refuse says so on its screen and tries again; a
    simulation fails at once.
    """
    from device.assembly import Front, simulated
    from device.journal.troubles import Troubles

    front = Front(settings, screen, calls, stop.now, watchdog.alive, options.serial)
    troubles, clock = Troubles(), SystemClock()
    if options.simulate:
        return simulated(front, troubles, stack)
    while not stop.wanted:
        parts = _try(front, troubles, stack)
        if parts is not None:
            return parts
        watchdog.ready()
        watchdog.alive(clock.up_ms())
        select.select([calls.fileno(), stop.fileno()], [], [], _RETRY_S)
        for call in calls.take():
            call()
    return None


def _try(front: Front, troubles: Troubles, stack: ExitStack) -> Parts | None:
    """Build a terminal on the machine's own pins; None where disk or pins refuse."""
    from device.assembly import real
    from device.journal.disk import trouble_in

    with ExitStack() as attempt:
        try:
            parts = real(front, troubles, attempt)
        except (JournalError, OSError) as error:
            trouble = trouble_in(error)
            troubles.refused(trouble)
            why = sentence(error) if isinstance(error, OSError) else str(error)
            _log.error("the journal cannot be opened (%s): %s", trouble, why)
            _refuse(front, JournalError(why, trouble))
        except ButtonsError as error:
            _log.error("%s", error)
            _refuse(front, error)
        else:
            stack.push(attempt.pop_all())
            return parts
    return None


def _refuse(front: Front, error: Exception) -> None:
    settings = front.settings
    front.screen.show(out_of_service(site_of(settings), error, starting(settings, 1)))
