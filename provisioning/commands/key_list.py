"""``hailong-provision key-list``: sign the key list again."""

import argparse
from typing import Any, get_args

from provisioning import clock
from provisioning.commands import add_dir, command, layout
from wire.down import Use

_TEACHING = """\
Signs the key list again, numbered above the last one; with --replace after making a new receipt
key or control key, which ends the old one. Needs pki/fleet.key. Afterwards restart ingest.
"""


def add_parser(sub: Any) -> None:
    """Declare the command."""
    parser = command(sub, "key-list", "sign the key list again", _TEACHING)
    add_dir(parser)
    parser.add_argument("--replace", choices=get_args(Use), help="make a new key for this use")


def run(args: argparse.Namespace) -> int:
    """Sign the list; print where it is."""
    from provisioning.pki import keylist

    fleet, now = layout(args), clock.now()
    if args.replace:
        keylist.replace(fleet, args.replace, now)
    else:
        keylist.sign(fleet, now)
    print(fleet.key_list)
    return 0
