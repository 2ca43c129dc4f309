"""``hailong-fleet broker-auth``: answer NATS' auth callout."""

import argparse

from fleet_server.commands import add_config
from fleet_server.errors import UsageError
from fleet_server.settings import load


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = sub.add_parser(
        "broker-auth",
        help="tell the NATS broker who may connect (NATS only)",
        description="Answers the broker's question at each connection: is this terminal's key "
        "enrolled and not revoked, and which topics may it use? Ends with Ctrl-C or SIGTERM.",
    )
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Answer until told to end."""
    from fleet_server import broker_auth

    settings = load(args.config)
    if settings.broker.kind != "nats":
        raise UsageError(f"{settings.path}: [broker] kind is not nats; only NATS asks for this")
    broker_auth.run(settings)
    return 0
