"""``hailong-terminal enrol``: get this terminal its certificate."""

import argparse
import secrets
import sys
import time
from pathlib import Path
from typing import Any

from device.commands import add_config


def add_parser(sub: Any) -> None:
    """Declare the command."""
    parser: argparse.ArgumentParser = sub.add_parser(
        "enrol",
        help="get this terminal its certificate from the fleet",
        description="Makes the terminal's key, if there is none, and asks the fleet's enrolment "
        "server for a certificate with the one-time token of the enrolment file (key "
        "uplink.enrolment in terminal.toml). The uplink does the same by itself; this is for those "
        "who want to see it at once. May be repeated at will; a power cut does no harm.",
    )
    add_config(parser)
    parser.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        help="the enrolment file (default: what uplink.enrolment in terminal.toml names)",
    )
    parser.add_argument(
        "--wait",
        action="store_true",
        help="while the server cannot be reached, try again for ever, at growing intervals",
    )


def run(args: argparse.Namespace) -> int:
    """Enrol this terminal."""
    from device.clock import SystemClock
    from device.core.backoff import backoff_ms
    from device.hardware.board import serial
    from device.identity import board
    from device.identity.enrol import enrol
    from device.identity.est import EstError
    from device.identity.files import IdentityFiles
    from device.journal.opening import passed_ms
    from device.settings import load

    settings = load(args.config)
    terminal = settings.terminal
    clock = SystemClock(passed_ms(terminal.data), trusted=terminal.clock == "host")
    files = IdentityFiles(terminal.data)
    board.bind(files, serial())
    path = args.file or settings.uplink.enrolment
    failures = 0
    while True:
        try:
            new = enrol(files, path, terminal.id, clock)
        except EstError as error:
            if not (args.wait and error.temporary):
                raise
            failures += 1
            base, cap = settings.uplink.backoff_s, settings.uplink.backoff_cap_s
            jitter = secrets.SystemRandom().random()
            wait_s = backoff_ms(failures, jitter, int(base * 1000), int(cap * 1000)) / 1000
            print(f"{error}; next attempt in {wait_s:.0f} s", file=sys.stderr)
            time.sleep(wait_s)
            continue
        print(f"{terminal.id} is enrolled" if new else f"{terminal.id} was enrolled already")
        return 0
