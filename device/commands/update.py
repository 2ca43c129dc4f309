"""``hailong-terminal update apply``: the root side of updates, for ``hailong-update.service``."""

import argparse
import logging
from pathlib import Path
from typing import Any

FOLDER = Path("/var/lib/hailong-update")


def add_parser(sub: Any) -> None:
    """Declare the command and its action."""
    parser: argparse.ArgumentParser = sub.add_parser(
        "update",
        help="install, try or confirm an image, as root",
        description="Updates come from the fleet: the uplink fetches them and decides when. This "
        "is the part that needs root; hailong-update.service runs it.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    apply = actions.add_parser(
        "apply",
        help="do what request.json asks, and write state.json",
        description="Reads request.json in the folder of updates, has RAUC do it, writes what "
        "became of it to state.json and deletes the request. Without a request it says what runs.",
    )
    apply.add_argument(
        "--folder", type=Path, default=FOLDER, metavar="DIR", help="default: %(default)s"
    )


def run(args: argparse.Namespace) -> int:
    """Do what is asked."""
    from device.inbox.files import machine_boot_id
    from device.updates.folder import UpdateFolder
    from device.updates.rauc import Rauc
    from device.updates.root import apply
    from device.versions import versions

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    return apply(UpdateFolder(args.folder), Rauc(), machine_boot_id(), versions().image)
