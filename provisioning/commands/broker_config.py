"""``hailong-provision broker-config``: the configuration of both brokers, or of a NATS node."""

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provisioning import clock
from provisioning.commands import add_dir, add_passphrase, command, layout, passphrases, port
from provisioning.errors import ProvisioningError

if TYPE_CHECKING:
    from provisioning.broker.nodes import NodeLayout

_TEACHING = """\
Writes broker/nats.conf and broker/mosquitto.conf with its rules, from one list of rules. Paths
in them are absolute: write them again when the directory has moved.

With --cluster it writes the three nodes of a NATS cluster instead, each into a folder below --out:
nats.conf, key, certificate, the authorities, and in pins.conf the keys of all nodes. A node takes
no other than these. Do it in the directory of the server itself, whose broker-auth the nodes then
believe:

  hailong-provision broker-config --dir fleet --cluster a=10.0.0.1,b=10.0.0.2,c=10.0.0.3 \\
      --name fleet.example.vn --out nodes

--name is the one name by which terminals reach the fleet's broker; in the DNS it has the addresses
of all three. Carry each folder to its node as /var/lib/hailong-nats, install it there with:
hailong-provision server install --role broker. In fleet.toml, under [broker], goes cluster = true.
Keys that are there stay. With --node too, one node's configuration is written again.

When a node's key was stolen: hailong-provision ca revoke --certificate …, then

  hailong-provision broker-config --dir fleet --pins pins.conf

and put that file into /var/lib/hailong-nats on every node, which reads it by itself.
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
    add("--cluster", metavar="a=HOST,b=HOST,c=HOST", help="where each node is, for the others")
    add("--out", type=Path, metavar="DIR", help="where to write the nodes' folders")
    add("--name", action="append", default=[], help="further name in the nodes' certificates")
    add("--node", metavar="NAME", help="only this one, which has its key already")
    add("--pins", type=Path, metavar="FILE", help="only the list of all nodes' keys")
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
    if args.pins is not None:
        return _pins(args)
    if args.cluster is not None and args.out is not None:
        return _nodes(args)
    if any((args.cluster, args.out, args.node, args.name, args.home)):
        raise ProvisioningError("nodes of a cluster need both --cluster and --out")
    from provisioning.broker import write
    from provisioning.broker.nats import Addresses

    fleet = layout(args)
    if not fleet.root_certificate.exists():
        raise ProvisioningError(
            f"{fleet.directory}: holds no fleet; make one with: hailong-fleet init"
        )
    write.write(fleet, Addresses(args.listen or "127.0.0.1", args.port, args.client_port))
    print(fleet.nats_config)
    print(fleet.mosquitto_config)
    return 0


def _nodes(args: argparse.Namespace) -> int:
    from provisioning.broker import nodes
    from provisioning.broker.nats import Addresses, Cluster

    hosts = nodes.read_hosts(args.cluster)
    fleet, out = layout(args), args.out.absolute()
    folders = {name: nodes.NodeLayout(out / name) for name in _asked(args, hosts, out)}
    where = Addresses(args.listen or "0.0.0.0", args.port, args.client_port)  # noqa: S104 - a node serves terminals
    for name, node in folders.items():
        cluster = Cluster(name, hosts, args.cluster_port)
        nodes.write(fleet, node, cluster, where, args.home or nodes.HOME)
    _make_papers(args, hosts, folders)
    for node in folders.values():
        nodes.write_pins(fleet, node, clock.now())
        print(node.directory)
    return 0


def _asked(args: argparse.Namespace, hosts: Mapping[str, str], out: Path) -> Iterable[str]:
    """Return the names of the nodes to write."""
    if args.node is None:
        return hosts
    if args.node not in hosts:
        raise ProvisioningError(f"--node {args.node}: is none of --cluster: {', '.join(hosts)}")
    # Alone it would get a list of keys without the others', and they one without it.
    if not (out / args.node / "node.key").exists():
        raise ProvisioningError(
            f"--node {args.node}: has no key in {out / args.node}; leave --node out to make all"
        )
    return [args.node]


def _make_papers(
    args: argparse.Namespace, hosts: Mapping[str, str], folders: "Mapping[str, NodeLayout]"
) -> None:
    from provisioning.broker import nodes
    from provisioning.pki import authority

    missing = {name: node for name, node in folders.items() if not node.key.exists()}
    if not missing:
        return
    fleet = layout(args)
    issuing = authority.load_issuing(fleet, passphrases(args).of_key)
    for name, node in missing.items():
        names = [hosts[name], *args.name, "localhost", "127.0.0.1", "::1"]
        nodes.write_papers(fleet, issuing, node, names, clock.now())


def _pins(args: argparse.Namespace) -> int:
    from provisioning.broker import pins
    from wire.files import write_atomic

    if any((args.cluster, args.out, args.node, args.name, args.home)):
        raise ProvisioningError("--pins writes the list of keys and nothing else")
    write_atomic(args.pins, pins.text(layout(args), clock.now()).encode())
    print(args.pins)
    return 0
