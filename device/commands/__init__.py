"""The subcommands of ``hailong-terminal``, one module each.

A module's ``add_parser(sub)`` declares its arguments and ``run(args) -> int`` does the work. The
command's name is the module's, with dashes for underscores. Heavy imports belong inside ``run``:
the terminal draws its first screen before it loads the rest.
"""

import argparse
from pathlib import Path


def add_config(parser: argparse.ArgumentParser) -> None:
    """Give a command the ``--config`` option."""
    parser.add_argument(
        "--config",
        type=Path,
        default=Path("terminal.toml"),
        metavar="FILE",
        help="settings of the terminal (default: ./terminal.toml)",
    )


def add_wait(parser: argparse.ArgumentParser) -> None:
    """Give a command the ``--wait`` option."""
    parser.add_argument(
        "--wait",
        action="store_true",
        help="while there are no usable settings, wait for them instead of ending",
    )


def add_root(parser: argparse.ArgumentParser) -> None:
    """Give a command the ``--root`` option."""
    parser.add_argument(
        "--root",
        type=Path,
        default=Path("/"),
        metavar="DIR",
        help="where /sys, /proc and /run tell the board's serial number (default: /)",
    )
