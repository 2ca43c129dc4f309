"""``hailong-provision ca revoke``: a terminal, one certificate, or the issuing CA."""

import argparse
from pathlib import Path
from typing import Any

from provisioning import clock
from provisioning.commands import add_dir, add_passphrase, add_pin, command, layout, passphrases

_TEACHING = """\
Puts certificates on a revocation list.

  --terminal ID        all certificates of a terminal. On a running server prefer
                       hailong-fleet terminal revoke ID, which also tells the registry
  --certificate FILE   one certificate, such as a server's whose key was stolen: first make a new
                       one (server-cert), then revoke the old one, kept in pki/issued/fleet-server.
                       Terminals read no lists: for them it counts until it ends, or until the
                       name leads elsewhere. A node's of a cluster, in pki/issued/fleet-node
                       (pins.conf says which): then broker-config --pins
  --issuing            the issuing CA, when its key was stolen; needs the root's key. All that it
                       signed ends. Then: hailong-provision ca renew

The brokers must read the list anew: systemctl reload mosquitto; NATS asks by itself.
"""


def add_parser(actions: Any) -> None:
    """Declare the action."""
    parser = command(actions, "revoke", "end a terminal, a certificate, the issuing CA", _TEACHING)
    add_dir(parser)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--terminal", action="append", metavar="ID", help="may be repeated")
    what.add_argument("--certificate", type=Path, metavar="FILE", help="in PEM form")
    what.add_argument("--issuing", action="store_true", help="everything that was ever issued")
    add_passphrase(parser)
    add_pin(parser)


def run(args: argparse.Namespace) -> int:
    """Sign the list anew; print what was revoked and where the list is."""
    from provisioning.pki import authority, root
    from wire import ids

    fleet, now, asked = layout(args), clock.now(), passphrases(args)
    if args.issuing:
        count = root.revoke_issuing(fleet, root.load(fleet, asked.of_key, asked.pin), now)
        print(f"issuing CA: {count} certificates; now run: hailong-provision ca renew")
        print(fleet.root_crl)
        return 0
    names = [ids.check_terminal_id(name) for name in args.terminal or []]
    issuing = authority.load_issuing(fleet, asked.of_key)
    for name in names:
        print(f"{name}: {authority.revoke(fleet, issuing, name, now)} certificates")
    if args.certificate:
        serial = authority.revoke_one(fleet, issuing, args.certificate, now)
        print(f"{args.certificate}: certificate {serial:x}")
    print(fleet.crl_chain)
    return 0
