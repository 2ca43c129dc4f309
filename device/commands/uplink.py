"""``hailong-terminal uplink``: the uplink process: journal to server, tickets back."""

import argparse
import logging
from typing import Any

from device.commands import add_config, add_root, add_wait


def add_parser(sub: Any) -> None:
    """Declare the command."""
    parser: argparse.ArgumentParser = sub.add_parser(
        "uplink",
        help="run the uplink: send the journal, receive tickets",
        description="Runs until SIGTERM or Ctrl-C. It enrols the terminal by itself, as soon as "
        "there is an enrolment file (uplink.enrolment in terminal.toml) and a way to the server.",
    )
    add_config(parser)
    add_wait(parser)
    add_root(parser)


def run(args: argparse.Namespace) -> int:
    """Run the uplink process."""
    from device.hardware.board import serial
    from device.settings import load
    from device.uplink import run as run_uplink

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    if not args.wait:
        return run_uplink(load(args.config), serial(args.root))
    from device.placing.waiting import wait_for_settings

    settings = wait_for_settings(args.config)
    return 0 if settings is None else run_uplink(settings, serial(args.root))
