"""A terminal without a place: says on its screen what is missing, until it has one."""

from __future__ import annotations

import logging
import select
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from device.clock import SystemClock
from device.placing.shown import site_trouble, unplaced
from device.placing.trouble import SiteError, without_data
from device.settings import SettingsError, load, parse
from device.stop import Stop
from device.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.core.view import View
    from device.settings import Settings
    from device.terminal import Options

    Look = Callable[[], tuple[Settings | None, View]]

log = logging.getLogger(__name__)

_LOOK_S = 2.0
_NOBODY = b'[terminal]\nid = "new"\ncounter = "new"\n[screen]\ntouch = false\n'


def wait_for_place(config: Path, options: Options) -> Settings | None:
    """Return the terminal's settings as soon as there are some; None when stopped before.

    Args:
        config: Path of ``terminal.toml``.
        options: How the screen is to be opened meanwhile.
    """
    settings, _ = _look(config)
    if settings is not None:
        return settings
    return _show(lambda: _look(config), options)


def show_lost_data(device: Path) -> None:
    """Show that the data partition can't be used, until stopped: at the next start it may be.

    Args:
        device: The partition.
    """
    from device.terminal import Options

    lost = unplaced(without_data(device))
    _show(lambda: (None, lost), Options())


def wait_for_settings(config: Path) -> Settings | None:
    """Do as `wait_for_place` for a process without a screen."""
    with closing(Stop()) as stop:
        stop.heed_signals()
        return _wait(lambda: _look(config), lambda _view: None, stop, lambda: False)


def _show(look: Look, options: Options) -> Settings | None:
    from device.terminal import open_screen

    with ExitStack() as stack:
        stop = Stop()
        stack.callback(stop.close)
        stop.heed_signals()
        screen = open_screen(parse(_NOBODY, Path()), options)
        stack.callback(screen.close)
        return _wait(look, screen.show, stop, screen.closed)


def _wait(
    look: Look, show: Callable[[View], object], stop: Stop, closed: Callable[[], bool]
) -> Settings | None:
    watchdog, clock = Watchdog(), SystemClock()
    watchdog.ready()
    said: View | None = None
    while not stop.wanted and not closed():
        settings, why = look()
        if settings is not None:
            return settings
        show(why)
        if why != said:
            log.warning(
                "no place yet: %s %s", why.unplaced, [note.value or note.text for note in why.notes]
            )
            said = why
        watchdog.alive(clock.up_ms())
        select.select([stop], [], [], _LOOK_S)
    return None


def _look(config: Path) -> tuple[Settings | None, View]:
    """Return the settings, or why there are none."""
    missing = SiteError("no place yet", "no_file")
    try:
        return load(config), unplaced(missing)
    except SettingsError as error:
        if config.exists():
            key = str(error).removeprefix(f"{config}: ").split(": ")[0]
            missing = SiteError(str(error), "settings", key[:60])
        return None, site_trouble(config.parent) or unplaced(missing)
