"""``hailong-fleet counter``: places where citizens are served."""

import argparse

from fleet_server import clock
from fleet_server.commands import actor, add_config, changing, checked_day, checked_name, today
from fleet_server.errors import UsageError
from fleet_server.settings import Settings, load
from wire.ids import check_counter_code


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    counter = sub.add_parser("counter", help="places where citizens are served")
    actions = counter.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add a counter")
    add.add_argument("--code", required=True, help="short and unique; the queue system uses it")
    add.add_argument("--name", required=True, help="as people read it")
    add.add_argument("--unit", required=True, metavar="CODE", help="the office it belongs to")
    rename = _about_one(actions, "rename", "give a counter another name; its code stays")
    rename.add_argument("--name", required=True, help="as people read it")
    move = _about_one(actions, "move", "put a counter into another office")
    move.add_argument("--unit", required=True, metavar="CODE", help="the office")
    move.add_argument(
        "--from",
        dest="day",
        metavar="YYYY-MM-DD",
        help="what was counted since that day goes with it (default: today)",
    )
    close = _about_one(actions, "close", "close a counter; its past stays")
    close.add_argument("--from", dest="day", metavar="YYYY-MM-DD", help="default: today")
    _about_one(actions, "reopen", "let a closed counter be there again")
    listing = actions.add_parser("list", help="print the counters")
    listing.add_argument("--unit", metavar="CODE", help="only those of an office")
    for parser in (add, listing):
        add_config(parser)


def _about_one(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, help: str
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=help)
    parser.add_argument("code", metavar="CODE", help="the counter")
    add_config(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    settings = load(args.config)
    with changing(settings):
        _ACTIONS[args.action](args, settings)
    return 0


def _add(args: argparse.Namespace, _settings: Settings) -> None:
    from fleet_server.store.offices import add_counter

    code, name = check_counter_code(args.code), checked_name(args.name)
    add_counter(code, name, args.unit, clock.now_ms(), actor())


def _rename(args: argparse.Namespace, _settings: Settings) -> None:
    from fleet_server.store.edits import counters

    counters.rename(args.code, None, checked_name(args.name), clock.now_ms(), actor())


def _move(args: argparse.Namespace, settings: Settings) -> None:
    from fleet_server.store.edits import counters

    now = clock.now_ms()
    last = today(now, settings)
    day = checked_day(args.day) if args.day else last
    if day > last:
        raise UsageError("a counter moves today or on a day before, not on one to come")
    counters.move(args.code, None, args.unit, day, now, actor())


def _close(args: argparse.Namespace, settings: Settings) -> None:
    from fleet_server.store.edits import counters

    now = clock.now_ms()
    day = checked_day(args.day) if args.day else today(now, settings)
    counters.close(args.code, None, day, now, actor())


def _reopen(args: argparse.Namespace, _settings: Settings) -> None:
    from fleet_server.store.edits import counters

    counters.reopen(args.code, None, clock.now_ms(), actor())


def _list(args: argparse.Namespace, _settings: Settings) -> None:
    from fleet_server.store.edits import importing, units

    if args.unit:
        units.held(args.unit)
    for code, facts in importing.fleet().things["counters"].items():
        if args.unit in (None, facts["unit"]):
            closed = f", closed from {facts['closed']}" if facts["closed"] else ""
            print(f"{code}  {facts['name']} (in {facts['unit']}{closed})")


_ACTIONS = {
    "add": _add,
    "rename": _rename,
    "move": _move,
    "close": _close,
    "reopen": _reopen,
    "list": _list,
}
