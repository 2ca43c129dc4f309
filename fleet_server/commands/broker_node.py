"""``hailong-fleet broker-node``: one node of a broker that is a cluster, in the foreground."""

import argparse
from functools import partial
from pathlib import Path

from fleet_server import beside
from fleet_server.beforehand import at_hand, check_port
from fleet_server.commands.broker import program
from fleet_server.watchdog import Watchdog
from provisioning.broker.nodes import HOME, NodeLayout, listens


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = sub.add_parser(
        "broker-node",
        help="run one node of a broker that is a cluster",
        description="Runs nats-server with the nats.conf that hailong-provision broker-config "
        "--cluster wrote, on a machine that may know nothing else of the fleet, and tells systemd "
        "as long as it answers. NATS is told when pins.conf beside it has changed.",
    )
    parser.add_argument(
        "--config",
        type=Path,
        default=HOME / "nats.conf",
        metavar="FILE",
        help="default: %(default)s",
    )


def run(args: argparse.Namespace) -> int:
    """Run the node and stay beside it."""
    node = NodeLayout(args.config.absolute().parent)
    host, port = listens(node)
    check_port(host, port, "--port")
    command = [program("nats"), "-c", str(node.config)]
    asked = partial(beside.tls_answers, at_hand(host), port)
    return beside.run(beside.Child(command, asked, node.pins), Watchdog())
