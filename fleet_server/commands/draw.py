"""``hailong-fleet draw``: the weekly draws as published, and repeating one from its file."""

import argparse
import sys
from pathlib import Path
from typing import Any

from fleet_server.commands import actor, add_config
from fleet_server.errors import FleetError
from fleet_server.settings import Settings, load


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    draw = sub.add_parser("draw", help="who is drawn to be asked, each week")
    actions = draw.add_subparsers(dest="action", required=True, metavar="ACTION")
    add_config(actions.add_parser("list", help="all draws: week, day, state, tickets on the list"))
    for action, explained in (
        ("show", "print the published file of a draw"),
        ("names", "print which visit each name on the list stands for, for who checks the list; "
         "this is noted in the audit log"),
    ):  # fmt: skip
        parser = actions.add_parser(action, help=explained, description=explained)
        parser.add_argument("week", metavar="WEEK", help="such as 2026-W48")
        add_config(parser)
    explained = "draw again from a published file, and say what differs; needs no fleet"
    repeat = actions.add_parser("repeat", help=explained, description=explained)
    repeat.add_argument("file", type=Path, metavar="FILE", help="the published file")


def run(args: argparse.Namespace) -> int:
    """List, show or repeat."""
    from fleet_server.store.database import close, open_database

    if args.action == "repeat":
        return _repeat(args.file)
    settings = load(args.config)
    open_database(settings.database.url)
    try:
        return _ACTIONS[args.action](args, settings)
    finally:
        close()


def _repeat(file: Path) -> int:
    from fleet_server.core.draw_published import MOST_BYTES, PublishedError, read, repeated

    with file.open("rb") as stream:
        data = stream.read(MOST_BYTES + 1)
    try:
        again, faults = repeated(read(data))
    except PublishedError as error:
        raise FleetError(f"{file}: {error}") from None
    print(f"seed\t{again.seed}")
    for one in again.drawn:
        print(f"{one.unit}\t{one.ticket}")
    for fault in faults:
        print(f"{file}: {fault}", file=sys.stderr)
    return 1 if faults else 0


def _list(_args: argparse.Namespace, _settings: Settings) -> int:
    from fleet_server.store import draws

    for one in draws.listed():
        print(f"{one.week}\t{one.day}\t{one.state}\t{one.tickets}")
    return 0


def _show(args: argparse.Namespace, settings: Settings) -> int:
    from fleet_server.core.draw_published import written
    from fleet_server.store import draws

    held = _held(args.week)
    if held.state != "drawn":
        raise FleetError(f"{args.week} is {held.state}: it is published once it is drawn")
    _demand_open(held, settings)
    print(written(draws.published(held)), end="")
    return 0


def _names(args: argparse.Namespace, settings: Settings) -> int:
    from fleet_server import contact_key
    from fleet_server.clock import now_ms
    from fleet_server.store import audit_log, draw_lists, draws
    from fleet_server.store.database import writing

    held = _held(args.week)
    _demand_open(held, settings)
    key = contact_key.names(settings.layout.draw_secret)
    with writing():
        audit_log.note(actor(), "draw.names", f"draw:{held.week}", at=now_ms())
    on_list = {one.ticket for one in draws.sealed_of(held).entries}
    for name, found in sorted(draw_lists.named(held, key).items()):
        print(f"{name}\t{found.visit}\t{'listed' if name in on_list else 'left out'}")
    return 0


def _demand_open(held: Any, settings: Settings) -> None:
    from fleet_server.clock import now_ms
    from fleet_server.core.days import local
    from fleet_server.store import draws

    if not draws.is_open(held, local(now_ms(), settings.fleet.zone).date()):
        raise FleetError(
            f"the list of {held.week}, and who was drawn, open when all interviews of the draw are "
            f"closed, so that nobody is talked to before; still to be asked: {draws.left(held)}"
        )


def _held(week: str) -> Any:
    from fleet_server.store import draws

    held = draws.row(week)
    if held is None:
        raise FleetError(f"there is no draw of {week:.20}; see: hailong-fleet draw list")
    return held


_ACTIONS = {"list": _list, "show": _show, "names": _names}
