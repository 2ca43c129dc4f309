"""``hailong-provision server-cert``: certificates of the server, its services and its nodes."""

import argparse
from pathlib import Path
from typing import Any

from provisioning import clock
from provisioning.commands import add_dir, add_passphrase, command, layout, passphrases

_TEACHING = """\
Makes a new key and certificate, valid for 825 days, for broker and EST, and a new client
certificate for ingest, valid for two years. Give every name and address by which terminals and
the server's own processes reach them. Afterwards restart broker, EST and ingest.

With --out it makes a new key and certificate for one node of a cluster instead, in that folder,
beside the authorities and the list of all nodes' keys, old and new: node.key, node.crt,
ca-chain.pem, pins.conf. Give the host that stands in --cluster and the name by which terminals
reach the broker. First put pins.conf into /var/lib/hailong-nats on all nodes, which read it by
themselves and then take the new key; after that carry the rest to the node, and on it:
systemctl restart hailong-nats
"""


def add_parser(sub: Any) -> None:
    """Declare the command."""
    parser = command(sub, "server-cert", "certificates of the server", _TEACHING)
    add_dir(parser)
    parser.add_argument("--name", action="append", required=True, help="host name or address")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder of a node, not the server")
    add_passphrase(parser)


def run(args: argparse.Namespace) -> int:
    """Make the certificates; print where the server's is."""
    from provisioning.broker.nodes import NodeLayout, write_papers, write_pins
    from provisioning.broker.rules import INGEST
    from provisioning.pki import authority

    fleet, now = layout(args), clock.now()
    issuing = authority.load_issuing(fleet, passphrases(args).of_key)
    if args.out is not None:
        node = NodeLayout(args.out.absolute())
        write_papers(fleet, issuing, node, args.name, now)
        write_pins(fleet, node, now)
        print(node.certificate)
        return 0
    authority.write_server(fleet, issuing, args.name, now)
    authority.write_service(fleet, issuing, INGEST, now)
    print(fleet.server_certificate)
    return 0
