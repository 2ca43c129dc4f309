"""``hailong-fleet unit add``: a part of the administration, at last an office with counters."""

import argparse

from fleet_server import clock
from fleet_server.commands import actor, add_config, checked_name
from fleet_server.core.tree import KINDS
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
    add.add_argument(
        "--kind", choices=KINDS, default="unit", help="what it is in the tree (default: unit)"
    )
    add.add_argument("--parent", metavar="CODE", help="what it lies in (default: at the top)")
    add_config(add)


def run(args: argparse.Namespace) -> int:
    """Add the office."""
    from fleet_server.core.tree import TreeError
    from fleet_server.store.database import close, open_database
    from fleet_server.store.enrolment import Missing, Taken
    from fleet_server.store.offices import add_unit

    settings = load(args.config)
    code, name = args.code, checked_name(args.name)
    if not COUNTER_CODE.fullmatch(code):
        raise UsageError("a unit's code is 1 to 32 letters, digits, '.', '_' or '-'")
    open_database(settings.database.url)
    try:
        add_unit(code, name, clock.now_ms(), actor(), kind=args.kind, parent=args.parent)
    except (Taken, Missing) as error:
        raise FleetError(str(error)) from None
    except TreeError:
        raise FleetError(
            f"a {args.kind} can't lie in {args.parent}: a city holds districts and departments, "
            "these hold units, and a unit may hold units"
        ) from None
    finally:
        close()
    return 0
