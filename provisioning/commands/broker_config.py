"""``hailong-provision broker-config``: the configuration of both brokers, or of a NATS node."""

import argparse
from pathlib import Path
from typing import Any

from provisioning import clock
from provisioning.commands import add_dir, add_passphrase, command, layout, passphrases, port
from provisioning.errors import ProvisioningError

_TEACHING = """\
Writes broker/nats.conf and broker/mosquitto.conf with its rules, from one list of rules. Paths
in them are absolute: write them again when the directory has moved.

With --node it writes one node of a NATS cluster of three instead, into the folder --out: its
nats.conf, key, certificate and the authorities. Do it once for each node, in the directory of the
server itself, whose broker-auth the nodes then believe:

  hailong-provision broker-config --dir fleet --cluster a=10.0.0.1,b=10.0.0.2,c=10.0.0.3 \\
      --name fleet.example.vn --node a --out node-a

--name is the one name by which terminals reach the fleet's broker; in the DNS it has the addresses
of all three. Carry each folder to its node as /var/lib/hailong-nats, install it there with:
hailong-provision server install --role broker. In fleet.toml, under [broker], goes cluster = true.
"""


def add_parser(sub: Any) -> None:
    """Declare the command."""
    parser = command(sub, "broker-config", "configuration of the broker", _TEACHING)
    add_dir(parser)
    add = parser.add_argument
    add("--listen", help="address to listen on (default: 127.0.0.1, a node on all: 0.0.0.0)")
    add("--port", type=port, default=8883, help="MQTT with mutual TLS (default: %(default)s)")
    add(
        "--client-port",
        type=port,
        default=4222,
        help="NATS' own, for broker-auth: on loopback, a node's by TLS (default: %(default)s)",
    )
    node = parser.add_argument_group("a node of a cluster")
    add = node.add_argument
    add("--node", metavar="NAME", help="which of the three")
    add("--cluster", metavar="a=HOST,b=HOST,c=HOST", help="where each node is, for the others")
    add("--out", type=Path, metavar="DIR", help="where to write the node's folder")
    add("--name", action="append", default=[], help="further name in the node's certificate")
    add("--cluster-port", type=port, default=6222, help="between nodes (default: %(default)s)")
    add(
        "--home",
        type=Path,
        metavar="DIR",
        help="where the folder will lie on the node (default: /var/lib/hailong-nats)",
    )
    add_passphrase(parser)


def run(args: argparse.Namespace) -> int:
    """Write the configuration; print where it is."""
    asked = (args.node, args.cluster, args.out)
    if all(value is not None for value in asked):
        return _node(args)
    if any(value is not None for value in asked) or args.name or args.home:
        raise ProvisioningError("a node needs all of --node, --cluster and --out")
    from provisioning.broker import write
    from provisioning.broker.nats import Addresses

    fleet = layout(args)
    write.write(fleet, Addresses(args.listen or "127.0.0.1", args.port, args.client_port))
    print(fleet.nats_config)
    print(fleet.mosquitto_config)
    return 0


def _node(args: argparse.Namespace) -> int:
    from provisioning.broker import nodes
    from provisioning.broker.nats import Addresses, Cluster
    from provisioning.pki import authority

    hosts = nodes.read_hosts(args.cluster)
    if args.node not in hosts:
        raise ProvisioningError(f"--node {args.node}: is none of --cluster: {', '.join(hosts)}")
    fleet, node = layout(args), nodes.NodeLayout(args.out.absolute())
    where = Addresses(args.listen or "0.0.0.0", args.port, args.client_port)  # noqa: S104 - a node serves terminals
    cluster = Cluster(args.node, hosts, args.cluster_port)
    nodes.write(fleet, node, cluster, where, args.home or nodes.HOME)
    if not node.key.exists():
        names = [hosts[args.node], *args.name, "localhost", "127.0.0.1", "::1"]
        issuing = authority.load_issuing(fleet, passphrases(args).of_key)
        nodes.write_papers(fleet, issuing, node, names, clock.now())
    print(node.directory)
    return 0
