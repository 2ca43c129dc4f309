"""What ``terminal.toml`` says that people see first: which terminal this is, and that it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device.core.rules import Site
from device.core.view import View

if TYPE_CHECKING:
    from device.settings import Settings

STEPS = 3
"""Screen, journal, buttons."""


def site_of(settings: Settings) -> Site:
    """Return which terminal this is and what is fitted to it."""
    return Site(
        terminal=settings.terminal.id,
        counter=settings.terminal.counter,
        counter_name=settings.terminal.counter_name,
        scale=settings.terminal.scale,
        buttons=settings.buttons.fitted,
        screen=settings.screen.fitted,
        touch=settings.screen.touch,
        sound=settings.sound.fitted,
    )


def starting(settings: Settings, done: int) -> View:
    """Return what is shown while the terminal starts, with ``done`` of `STEPS` behind it."""
    language = settings.policy.look.languages[0]
    name = settings.terminal.counter_name
    return View("starting", name, language=language, progress=(done, STEPS))
