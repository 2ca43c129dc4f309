"""``hailong-fleet est``: the enrolment server."""

import argparse

from fleet_server.commands import add_config
from fleet_server.settings import load


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = sub.add_parser(
        "est",
        help="run the enrolment server (EST, RFC 7030)",
        description="Gives certificates to terminals: the first for a one-time token, later ones "
        "for the one in use. The only process that reads pki/issuing.key. Ends with Ctrl-C or "
        "SIGTERM.",
    )
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Serve until told to end."""
    from fleet_server import logs
    from fleet_server.beforehand import check_port
    from fleet_server.est.app import create_est_app
    from fleet_server.est.server import EstServer
    from fleet_server.store.database import close
    from fleet_server.watchdog import Watchdog

    logs.configure()
    settings = load(args.config)
    # Once here, so that what is missing is said in a sentence and not by a dying worker.
    create_est_app(settings)
    close()
    check_port(settings.est.host, settings.est.port, "[est] port")
    EstServer(settings, Watchdog()).run()
    return 0
