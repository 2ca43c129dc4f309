"""The subcommands of ``hailong-fleet``, one module each.

A module ``add_parser(sub)`` declares its arguments and ``run(args) -> int`` does the work. The
command's name is the module's, with dashes for underscores. Keep heavy imports inside ``run``.
"""

import argparse
from pathlib import Path


def add_config(parser: argparse.ArgumentParser) -> None:
    """Give a command the ``--config`` option."""
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="settings of the fleet (default: $HAILONG_FLEET, else ./fleet.toml)",
    )
