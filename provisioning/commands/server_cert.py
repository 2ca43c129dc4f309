"""``hailong-provision server-cert``: certificates of the server and of its own services."""

import argparse
from typing import Any

from provisioning import clock
from provisioning.commands import add_dir, command, layout

_TEACHING = """\
Makes a new key and certificate, valid for 825 days, for broker and EST, and a new client
certificate for ingest, valid for two years. Give every name and address by which terminals and
the server's own processes reach them. Afterwards restart broker, EST and ingest.
"""


def add_parser(sub: Any) -> None:
    """Declare the command."""
    parser = command(sub, "server-cert", "certificates of the server", _TEACHING)
    add_dir(parser)
    parser.add_argument("--name", action="append", required=True, help="host name or address")


def run(args: argparse.Namespace) -> int:
    """Make both certificates; print where the server's is."""
    from provisioning.broker.rules import INGEST
    from provisioning.pki import authority

    fleet, now = layout(args), clock.now()
    issuing = authority.load_issuing(fleet)
    authority.write_server(fleet, issuing, args.name, now)
    authority.write_service(fleet, issuing, INGEST, now)
    print(fleet.server_certificate)
    return 0
