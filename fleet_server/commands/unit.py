"""``hailong-fleet unit add``: an office with counters."""

import argparse

from fleet_server.commands import add_config, checked_name
from fleet_server.errors import FleetError, UsageError
from fleet_server.settings import load
from wire.ids import COUNTER_CODE


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    unit = sub.add_parser("unit", help="offices")
    actions = unit.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add an office")
    add.add_argument("--code", required=True, help="short and unique, as counters use it")
    add.add_argument("--name", required=True, help="as people read it")
    add_config(add)


def run(args: argparse.Namespace) -> int:
    """Add the office."""
    from fleet_server.store.database import close, open_database
    from fleet_server.store.enrolment import Taken, add_unit

    settings = load(args.config)
    code, name = args.code, checked_name(args.name)
    if not COUNTER_CODE.fullmatch(code):
        raise UsageError("a unit's code is 1 to 32 letters, digits, '.', '_' or '-'")
    open_database(settings.database.url)
    try:
        add_unit(code, name)
    except Taken as error:
        raise FleetError(str(error)) from None
    finally:
        close()
    return 0
