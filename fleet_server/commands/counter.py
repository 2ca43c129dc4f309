"""``hailong-fleet counter add``: a place where citizens are served."""

import argparse

from fleet_server import clock
from fleet_server.commands import actor, add_config, checked_name
from fleet_server.errors import FleetError
from fleet_server.settings import load
from wire.ids import check_counter_code


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    counter = sub.add_parser("counter", help="places where citizens are served")
    actions = counter.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add a counter")
    add.add_argument("--code", required=True, help="short and unique; the queue system uses it")
    add.add_argument("--name", required=True, help="as people read it")
    add.add_argument("--unit", required=True, metavar="CODE", help="the office it belongs to")
    add_config(add)


def run(args: argparse.Namespace) -> int:
    """Add the counter."""
    from fleet_server.store.database import close, open_database
    from fleet_server.store.enrolment import Missing, Taken
    from fleet_server.store.offices import add_counter

    settings = load(args.config)
    code, name = check_counter_code(args.code), checked_name(args.name)
    open_database(settings.database.url)
    try:
        add_counter(code, name, args.unit, clock.now_ms(), actor())
    except (Taken, Missing) as error:
        raise FleetError(str(error)) from None
    finally:
        close()
    return 0
