"""``hailong-provision ca``: the fleet's certificate authorities."""

import argparse
from typing import Any

from provisioning import clock
from provisioning.commands import add_dir, command, layout

_INIT = """\
Makes fleet root and issuing CA, their revocation lists, the fleet key, receipt key and control
key, and the signed key list. Nothing that exists is overwritten.

Then: hailong-provision server-cert --dir DIR --name HOST
"""


def add_parser(sub: Any) -> None:
    """Declare the command and its action."""
    parser = sub.add_parser("ca", help="the fleet's certificate authorities")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    init = command(actions, "init", "make root, issuing CA, keys and key list", _INIT)
    add_dir(init)
    init.add_argument("--fleet", default="Hailong", help="the fleet's name, in the root's subject")


def run(args: argparse.Namespace) -> int:
    """Make authorities and keys; print where the root is."""
    from provisioning.pki import authority, keylist

    fleet, now = layout(args), clock.now()
    authority.create(fleet, args.fleet, now)
    keylist.create(fleet, now)
    print(fleet.root_certificate)
    return 0
