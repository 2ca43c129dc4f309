"""``hailong-terminal journal show|verify|export``: look at the journal, prove it, take it along."""

import argparse
from pathlib import Path
from typing import Any

from device.commands import add_config


def add_parser(sub: Any) -> None:
    """Declare the command and its three actions."""
    parser: argparse.ArgumentParser = sub.add_parser(
        "journal",
        help="show, verify or export the journal",
        description="None of these changes the journal; the terminal may be running.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("show", help="print the newest records, one line of JSON each")
    add_config(show)
    show.add_argument(
        "--last", type=_count, default=20, metavar="N", help="how many (default: 20; 0: all)"
    )
    verify = actions.add_parser(
        "verify", help="check every signature and link; exit code 1 if one is broken"
    )
    add_config(verify)
    export = actions.add_parser(
        "export", help="write all signed records, one a line, and their checksum"
    )
    add_config(export)
    export.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="where to; FILE.sha256 gets the checksum (default: standard output)",
    )


def run(args: argparse.Namespace) -> int:
    """Show, verify or export the journal."""
    from device.journal import inspection
    from device.settings import load

    settings = load(args.config)
    terminal = settings.terminal
    if args.action == "show":
        inspection.show(terminal.data, args.last, print)
        return 0
    if args.action == "verify":
        return inspection.verify(terminal.data, terminal.id, print)
    return inspection.export(terminal.data, args.out)


def _count(text: str) -> int:
    if not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError("must be a whole number")
    return int(text)
