"""``hailong-terminal screens``: draws every screen into a file, for a look and for the README."""

import argparse
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from device.core.policy import Look
    from device.screen.canvas import Dress
    from device.settings import ScreenSettings


def add_parser(sub: Any) -> None:
    """Declare the command."""
    parser: argparse.ArgumentParser = sub.add_parser(
        "screens",
        help="draw every screen into PNG files",
        description="Draws every screen of the terminal in every size, way up, order of languages "
        "and theme, each into a PNG file whose name says which it is.",
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder to write to")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="also a sheet of them, as PNG")
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="only the panel, look and counter of this terminal.toml",
    )


def run(args: argparse.Namespace) -> int:
    """Draw the screens, and say how far it is."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    from device.errors import UsageError

    if args.out is None and args.sheet is None:
        raise UsageError("screens: say where to: --out DIR, --sheet FILE, or both")
    if args.out is not None:
        _draw_all(args.out, args.config)
    if args.sheet is not None:
        from device.screen.sheet import draw_sheet

        draw_sheet(args.sheet)
        print(args.sheet)
    return 0


def _draw_all(out: Path, config: Path | None) -> None:
    from device.screen.examples import COUNTER, examples
    from device.screen.painter import Painter
    from device.screen.sheet import save
    from device.settings import load

    settings = load(config) if config else None
    counter = settings.terminal.counter_name if settings else COUNTER
    ways = list(_ways(settings.screen, settings.policy.look) if settings else _every_way())
    of = len(ways) * len(examples())
    done = 0
    for name, look, dress in ways:
        painter = Painter(dress)
        for screen, view in examples(counter, look.languages[0]).items():
            save(painter.paint(view).surface, out / name / f"{screen}.png")
            done += 1
        print(f"{done} of {of} screens: {out / name}", flush=True)


def _every_way() -> "Iterator[tuple[str, Look, Dress]]":
    """Yield every panel, order of languages and theme with the name of its folder."""
    from device.core.policy import Look
    from device.screen.examples import PANELS
    from device.settings import ScreenSettings

    for size, (width, height, inches) in PANELS.items():
        for way, screen in (
            ("landscape", ScreenSettings(width, height, inches)),
            ("portrait", ScreenSettings(width, height, inches, 90)),
        ):
            for name, look, dress in _ways(screen, Look()):
                yield f"{size}-{way}/{name}", look, dress


def _ways(screen: "ScreenSettings", look: "Look") -> "Iterator[tuple[str, Look, Dress]]":
    """Yield one panel in every order of languages and every theme."""
    from device.screen.canvas import Dress
    from device.screen.logo import load_logo
    from device.screen.panel import panel_of
    from device.screen.theme import theme_of
    from device.screen.words import Words

    logo = load_logo(screen.logo) if screen.logo else None
    for turn in range(len(look.languages)):
        languages = look.languages[turn:] + look.languages[:turn]
        for letters in ("normal", "large"):
            for contrast in ("normal", "high"):
                worn = replace(look, languages=languages, letters=letters, contrast=contrast)
                words = Words(worn.languages)
                name = f"{'-'.join(languages)}/{letters}-letters-{contrast}-contrast"
                yield name, worn, Dress(panel_of(screen), theme_of(worn), words, logo)
