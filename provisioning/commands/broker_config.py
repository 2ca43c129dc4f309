"""``hailong-provision broker-config``: the configuration of both brokers."""

import argparse
from typing import Any

from provisioning.commands import add_dir, command, layout, port

_TEACHING = """\
Writes broker/nats.conf and broker/mosquitto.conf with its rules, from one list of rules. Paths
in them are absolute: write them again when the directory has moved.
"""


def add_parser(sub: Any) -> None:
    """Declare the command."""
    parser = command(sub, "broker-config", "configuration of the broker", _TEACHING)
    add_dir(parser)
    parser.add_argument("--listen", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=port, default=8883, help="MQTT with mutual TLS")
    parser.add_argument("--client-port", type=port, default=4222, help="NATS' own, on loopback")


def run(args: argparse.Namespace) -> int:
    """Write the configuration; print where it is."""
    from provisioning.broker import write
    from provisioning.broker.nats import Addresses

    fleet = layout(args)
    write.write(fleet, Addresses(args.listen, args.port, args.client_port))
    print(fleet.nats_config)
    print(fleet.mosquitto_config)
    return 0
