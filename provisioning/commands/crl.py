"""``hailong-provision crl``: renew the revocation list, or revoke terminals."""

import argparse
from typing import Any

from provisioning import clock
from provisioning.commands import add_dir, command, layout

_TEACHING = """\
Signs the list of revoked certificates anew, for 30 days, and adds all certificates of the
terminals named. Do it daily. Mosquitto must then be told: systemctl reload mosquitto.
"""


def add_parser(sub: Any) -> None:
    """Declare the command."""
    parser = command(sub, "crl", "renew the revocation list", _TEACHING)
    add_dir(parser)
    parser.add_argument("--revoke", action="append", default=[], metavar="TERMINAL")


def run(args: argparse.Namespace) -> int:
    """Sign the list; print what was revoked and where the list is."""
    from provisioning.pki import authority, crl
    from wire import ids

    fleet, now = layout(args), clock.now()
    names = [ids.check_terminal_id(name) for name in args.revoke]
    issuing = authority.load_issuing(fleet)
    for name in names:
        print(f"{name}: {authority.revoke(fleet, issuing, name, now)} certificates")
    if not names:
        crl.renew(fleet, issuing, now)
    print(fleet.crl_chain)
    return 0
