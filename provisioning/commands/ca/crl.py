"""``hailong-provision ca crl``: sign the revocation list anew."""

import argparse
from typing import Any

from provisioning import clock
from provisioning.commands import add_dir, add_passphrase, command, layout, passphrases

_TEACHING = """\
Signs the issuing CA's list of revoked certificates anew, for 30 days. EST does it each day while
it runs; elsewhere do it daily. Mosquitto must then be told: systemctl reload mosquitto.
"""


def add_parser(actions: Any) -> None:
    """Declare the action."""
    parser = command(actions, "crl", "renew the revocation list", _TEACHING)
    add_dir(parser)
    add_passphrase(parser)


def run(args: argparse.Namespace) -> int:
    """Sign the list; print where it is."""
    from provisioning.pki import authority, crl

    fleet = layout(args)
    crl.renew(fleet, authority.load_issuing(fleet, passphrases(args).of_key), clock.now())
    print(fleet.crl_chain)
    return 0
