"""``hailong-terminal run``: the terminal process: buttons, screen and journal."""

import argparse
import logging
from typing import Any

from device.commands import add_config, add_root, add_wait


def add_parser(sub: Any) -> None:
    """Declare the command."""
    parser: argparse.ArgumentParser = sub.add_parser(
        "run",
        help="run the terminal: buttons, screen, journal",
        description="Runs the terminal until SIGTERM, Ctrl-C or its window is closed.",
        epilog="With --simulate, lines on standard input move mock pins: press CHOICE [MS], "
        "bounce CHOICE [MS], hold CHOICE SECONDS, together CHOICE CHOICE, touch KIND NAME, "
        "advance SECONDS, wind SECONDS, state. Each accepted press prints one line of JSON after "
        "its commit. The end of the input ends the terminal.",
    )
    add_config(parser)
    add_wait(parser)
    add_root(parser)
    parser.add_argument(
        "--simulate", action="store_true", help="mock pins, moved by lines on standard input"
    )
    parser.add_argument(
        "--window",
        action=argparse.BooleanOptionalAction,
        help="show a window (default: where there is a display)",
    )


def run(args: argparse.Namespace) -> int:
    """Run the terminal process."""
    from device.hardware.board import serial
    from device.settings import load
    from device.terminal import Options
    from device.terminal import run as run_terminal

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    options = Options(args.simulate, args.window, args.config.parent, serial(args.root))
    if not args.wait:
        return run_terminal(load(args.config), options)
    from device.placing.waiting import wait_for_place

    settings = wait_for_place(args.config, options)
    return 0 if settings is None else run_terminal(settings, options)
