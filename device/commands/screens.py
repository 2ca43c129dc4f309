"""``hailong-terminal screens``: draws every screen into a file, for the README and for a look."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from device.core.view import View


def add_parser(sub: Any) -> None:
    """Declare the command."""
    parser: argparse.ArgumentParser = sub.add_parser(
        "screens",
        help="draw every screen into a PNG file",
        description="Draws every screen of the terminal as it looks on the panel.",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write to")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="take panel and counter from this terminal.toml"
    )


def run(args: argparse.Namespace) -> int:
    """Draw the screens and print the files' names."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame

    from device.screen.painter import Painter
    from device.screen.panel import panel_of
    from device.screen.texts import Texts
    from device.settings import ScreenSettings, load

    settings = load(args.config) if args.config else None
    screen = settings.screen if settings else ScreenSettings()
    counter = settings.terminal.counter_name if settings else "Quầy 3 · Nguyễn Thị Hường"
    painter = Painter(panel_of(screen), Texts())
    args.out.mkdir(parents=True, exist_ok=True)
    for view in examples(counter):
        path = args.out / f"{view.kind.replace('_', '-')}.png"
        pygame.image.save(painter.paint(view).surface, path)
        print(path)
    return 0


def examples(counter: str) -> "list[View]":
    """Return one view of every kind, as a citizen might see it."""
    from device.core.view import View
    from wire.records import CHOICES

    ticket = "A-0137"
    return [
        View("rate", counter, ticket, CHOICES),
        View("thanks", counter),
        View("correction", counter, ticket, CHOICES),
        View("recorded", counter, ticket),
        View("idle", counter, dim=True, place=1),
        View("wait", counter),
        View("out_of_service", counter),
    ]
