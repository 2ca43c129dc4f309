"""``hailong-provision ca``: the fleet's certificate authorities, from birth to replacement."""

import argparse
from typing import Any

from provisioning.commands.ca import crl, exchange, init, passphrase, renew, revoke, update_key

_ACTIONS = {
    "init": init.run,
    "renew": renew.run,
    "revoke": revoke.run,
    "crl": crl.run,
    "export": exchange.export,
    "import": exchange.take,
    "passphrase": passphrase.run,
    "update-key": update_key.run,
}

_ABOUT = """\
The order of things, with who does what, is in provisioning/README.md, "The ceremony":

  offline    ca init, ca export --server FILE.tar
  server     hailong-fleet init --ca FILE.tar
  offline    ca renew, ca revoke --issuing        then: ca export, and on the server ca import
  offline    ca update-key                        then: where images are made, image bundle
  server     ca revoke --terminal ID, ca crl      EST signs the list each day by itself
"""


def add_parser(sub: Any) -> None:
    """Declare the command and its actions."""
    parser: argparse.ArgumentParser = sub.add_parser(
        "ca",
        help="the fleet's certificate authorities",
        epilog=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for module in (init, renew, revoke, crl, exchange, passphrase, update_key):
        module.add_parser(actions)


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    return _ACTIONS[args.action](args)
