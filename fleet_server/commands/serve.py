"""``hailong-fleet serve``: pages and REST, by gunicorn, plain HTTP behind a proxy."""

import argparse

from fleet_server.commands import add_config
from fleet_server.settings import load


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    serve = sub.add_parser("serve", help="run pages and REST")
    add_config(serve)


def run(args: argparse.Namespace) -> int:
    """Serve until a signal ends it."""
    from fleet_server.app import create_app
    from fleet_server.beforehand import check_port
    from fleet_server.watchdog import Watchdog
    from fleet_server.web.server import PageServer

    settings = load(args.config)
    create_app(settings)  # say what is missing before a worker starts
    check_port(settings.web.host, settings.web.port, "[web] port")
    PageServer(settings, Watchdog()).run()
    return 0
