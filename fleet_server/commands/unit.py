"""``hailong-fleet unit``: parts of the administration, at last offices with counters."""

import argparse

from fleet_server import clock
from fleet_server.commands import actor, add_config, changing, checked_day, checked_name, today
from fleet_server.core.tree import KINDS
from fleet_server.errors import UsageError
from fleet_server.settings import Settings, load
from wire.ids import COUNTER_CODE

_TOP = "-"


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
    change = _about_one(actions, "change", "give an office another name, kind or code")
    change.add_argument("--name", help="as people read it")
    change.add_argument("--kind", choices=KINDS, help="what it is in the tree")
    change.add_argument("--to", metavar="CODE", help="its new code")
    move = _about_one(actions, "move", "put an office below another, from today on")
    move.add_argument("--parent", required=True, metavar="CODE", help="or - for the top")
    close = _about_one(actions, "close", "close an office in which nothing is open; its past stays")
    close.add_argument("--from", dest="day", metavar="YYYY-MM-DD", help="default: today")
    _about_one(actions, "reopen", "let a closed office be there again")
    listing = actions.add_parser("list", help="print the offices as they lie in each other")
    for parser in (add, listing):
        add_config(parser)


def _about_one(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, help: str
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=help)
    parser.add_argument("code", metavar="CODE", help="the office")
    add_config(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    settings = load(args.config)
    with changing(settings):
        _ACTIONS[args.action](args, settings)
    return 0


def _add(args: argparse.Namespace, _settings: Settings) -> None:
    from fleet_server.store.offices import add_unit

    code, name = _checked_code(args.code), checked_name(args.name)
    add_unit(code, name, clock.now_ms(), actor(), kind=args.kind, parent=args.parent)


def _change(args: argparse.Namespace, _settings: Settings) -> None:
    from fleet_server.store.edits import units

    row = units.held(args.code)
    units.change(
        args.code,
        None,
        to=_checked_code(args.to or args.code),
        name=row.name if args.name is None else checked_name(args.name),
        kind=args.kind or row.kind,
        now=clock.now_ms(),
        actor=actor(),
    )


def _move(args: argparse.Namespace, settings: Settings) -> None:
    from fleet_server.store.edits import units

    parent = None if args.parent == _TOP else args.parent
    now = clock.now_ms()
    units.move(args.code, None, parent, today(now, settings), now, actor())


def _close(args: argparse.Namespace, settings: Settings) -> None:
    from fleet_server.store.edits import units

    now = clock.now_ms()
    day = checked_day(args.day) if args.day else today(now, settings)
    units.close(args.code, None, day, now, actor())


def _reopen(args: argparse.Namespace, _settings: Settings) -> None:
    from fleet_server.store.edits import units

    units.reopen(args.code, None, clock.now_ms(), actor())


def _list(_args: argparse.Namespace, _settings: Settings) -> None:
    from fleet_server.store import places

    tree = places.tree()
    for unit in tree:
        closed = f", closed from {unit.closed}" if unit.closed else ""
        depth = len(tree.path(unit.id)) - 1
        print(f"{'  ' * depth}{unit.code}  {unit.name} ({unit.kind}{closed})")


def _checked_code(code: str) -> str:
    if not COUNTER_CODE.fullmatch(code):
        raise UsageError("a unit's code is 1 to 32 letters, digits, '.', '_' or '-'")
    return code


_ACTIONS = {
    "add": _add,
    "change": _change,
    "move": _move,
    "close": _close,
    "reopen": _reopen,
    "list": _list,
}
