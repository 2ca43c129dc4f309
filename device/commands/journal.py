"""``hailong-terminal journal show|verify|export|stick``: look at it, prove it, take it along."""

import argparse
import secrets
from pathlib import Path
from typing import Any

from device.commands import add_config


def add_parser(sub: Any) -> None:
    """Declare the command and its actions."""
    parser: argparse.ArgumentParser = sub.add_parser(
        "journal",
        help="show, verify or export the journal; make the code of a stick",
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
    actions.add_parser(
        "stick",
        help="make the code by which a USB stick gets the journal",
        description="Prints a new code and its hash. The hash goes into terminal.toml of each "
        "terminal. A file HAILONG-EXPORT with the code goes onto a technician's stick, which then "
        "gets the signed records since the last export; CODE all gets every record. The journal "
        "names the choice of each visit: keep the stick locked away.",
    )


def run(args: argparse.Namespace) -> int:
    """Show, verify or export the journal, or make a stick's code."""
    from device.export.sticks import hash_of
    from device.journal import inspection
    from device.settings import load

    if args.action == "stick":
        code = secrets.token_urlsafe(18)
        print(f"HAILONG-EXPORT  {code}")
        print(f'terminal.toml   [export]\n                code_sha256 = "{hash_of(code.encode())}"')
        return 0
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
