"""``hailong-fleet hours set``: when the fleet, a unit or a counter is open."""

import argparse

from fleet_server import clock
from fleet_server.commands import actor, add_config
from fleet_server.core.opening import FLEET, Holder, HoursError, Week, read_spans, write_spans
from fleet_server.errors import FleetError, UsageError
from fleet_server.settings import load

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    hours = sub.add_parser("hours", help="opening hours")
    actions = hours.add_subparsers(dest="action", required=True, metavar="ACTION")
    change = actions.add_parser(
        "set",
        help="set the hours of a week, from today on",
        description="Hours are spans such as '7:30-11:30, 13:00-17:00'. A day that is not named is "
        "closed. Holidays are set on the page of the opening hours.",
    )
    whose = change.add_mutually_exclusive_group()
    whose.add_argument("--unit", metavar="CODE", help="of this unit (default: the whole fleet)")
    whose.add_argument("--counter", metavar="CODE", help="of this counter")
    change.add_argument("--every-day", metavar="HOURS", default="", help="of every day")
    for day in _DAYS:
        change.add_argument(f"--{day}", metavar="HOURS", help=argparse.SUPPRESS)
    add_config(change)


def run(args: argparse.Namespace) -> int:
    """Set the hours."""
    from fleet_server.core.days import day_of
    from fleet_server.store import audit_log, changes, opening
    from fleet_server.store.database import close, open_database, writing

    settings, week, now = load(args.config), _week(args), clock.now_ms()
    open_database(settings.database.url)
    try:
        holder, subject = _holder(args)
        since = day_of(now, settings.fleet.zone).name
        details = {"since": since, "week": [write_spans(one) for one in week.days]}
        with writing():
            opening.set_week(holder, opening.version(holder), since, week)
            audit_log.note(actor(), "hours.week", subject, details, at=now)
            changes.note(changes.FLEET)
    finally:
        close()
    return 0


def _week(args: argparse.Namespace) -> Week:
    words = [getattr(args, day) for day in _DAYS]
    try:
        spans = [read_spans(args.every_day if text is None else text) for text in words]
    except HoursError:
        raise UsageError("hours are spans in order, such as '7:30-11:30, 13:00-17:00'") from None
    return Week(tuple(spans))


def _holder(args: argparse.Namespace) -> tuple[Holder, str]:
    from fleet_server.store import places
    from fleet_server.store.pages import counters

    if args.unit:
        unit = places.tree().by_code(args.unit)
        if unit is None:
            raise FleetError(f"no unit has the code {args.unit}")
        return ("unit", unit.id), f"unit:{args.unit}"
    if args.counter:
        counter = counters.counter(args.counter)
        if counter is None:
            raise FleetError(f"no counter has the code {args.counter}")
        return ("counter", counter.id), f"counter:{args.counter}"
    return FLEET, "fleet"
