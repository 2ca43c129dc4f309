"""``hailong-terminal site apply``: from the enrolment file on the card to a terminal's place."""

import argparse
import logging
from pathlib import Path
from typing import Any


def add_parser(sub: Any) -> None:
    """Declare the command and its action."""
    parser: argparse.ArgumentParser = sub.add_parser(
        "site",
        help="give the terminal its place, from the enrolment file on its card",
        description="Run by the image at each start, as root, before terminal and uplink.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    apply = actions.add_parser(
        "apply",
        help="take the card's enrolment file over",
        description="Reads enrolment.toml from the card, writes terminal.toml and the token for "
        "the terminal, network and Wi-Fi for the system, and puts a file without secrets in the "
        "card's file's place. May be repeated at will: a file that was applied before changes "
        "nothing, a wrong one leaves everything as it was and is explained on the screen.",
    )
    lost = actions.add_parser(
        "no-data",
        help="say on the screen that the data partition can't be used",
        description="Run by the image where /var/lib could not be mounted, until it is switched "
        "off: nothing can be stored then, so no rating is taken.",
    )
    lost.add_argument(
        "--device", type=Path, required=True, metavar="DEV", help="the data partition"
    )
    for option, fallback, meaning in (
        ("--boot", Path("/boot/firmware"), "where the card's FAT partition is mounted"),
        ("--state", Path("/var/lib/hailong"), "folder of the terminal; its owner owns the files"),
        ("--root", Path("/"), "where /var, /run and /sys are"),
    ):
        apply.add_argument(
            option,
            type=Path,
            default=fallback,
            metavar="DIR",
            help=f"{meaning} (default: {fallback})",
        )


def run(args: argparse.Namespace) -> int:
    """Apply the enrolment file, or say that there is nothing to apply it to."""
    from device.placing.apply import apply
    from device.placing.folders import Folders

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    if args.action == "no-data":
        from device.placing.waiting import show_lost_data

        show_lost_data(args.device)
        return 0
    print(apply(Folders(args.boot, args.state, args.root), args.root))
    return 0
