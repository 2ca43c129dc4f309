"""The subcommands of ``hailong-fleet``, one module each.

A module ``add_parser(sub)`` declares its arguments and ``run(args) -> int`` does the work. The
command's name is the module's, with dashes for underscores. Keep heavy imports inside ``run``.
"""

import argparse
import os
import pwd
import unicodedata
from pathlib import Path

from fleet_server.errors import UsageError


def add_config(parser: argparse.ArgumentParser) -> None:
    """Give a command the ``--config`` option."""
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="settings of the fleet (default: $HAILONG_FLEET, else ./fleet.toml)",
    )


def actor() -> str:
    """Return who runs the command, for the audit log: the account on this machine."""
    number = os.getuid()
    try:
        return f"command:{pwd.getpwuid(number).pw_name}"
    except KeyError:
        return f"command:{number}"


def checked_name(text: str) -> str:
    """Return a name that people read: 1 to 64 printable characters.

    Raises:
        UsageError: it is not one.
    """
    if not 0 < len(text.strip()) <= 64 or not text.isprintable():
        raise UsageError("a name is 1 to 64 printable characters")
    return unicodedata.normalize("NFC", text.strip())
