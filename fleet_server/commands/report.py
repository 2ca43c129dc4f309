"""``hailong-fleet report``: a report of a branch for a period, as a file."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fleet_server import clock
from fleet_server.commands import actor, add_config
from fleet_server.errors import FleetError, UsageError
from fleet_server.settings import Settings, load

if TYPE_CHECKING:
    from fleet_server.core.spans import Period
    from fleet_server.web.pieces import Asked


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    report = sub.add_parser("report", help="reports of a branch for a period")
    actions = report.add_subparsers(dest="action", required=True, metavar="ACTION")
    make = actions.add_parser(
        "make",
        help="write a report to a file",
        description="Writes the figures of a branch for a period, with all that has to be said "
        "of them and of all of its cases. The file's ending says in which format.",
    )
    add = make.add_argument
    add("--branch", metavar="CODE", help="the unit at its top (default: the whole fleet)")
    add(
        "--period",
        required=True,
        help="2026-11, 2026-Q4, 2026-H2, 2026, or 2026-11-01..2026-11-20",
    )
    add("--to", required=True, type=Path, metavar="FILE", help="report.xlsx, for example")
    add("--language", choices=("vi", "en"), default="vi", help="of its words (default: vi)")
    add_config(make)


def run(args: argparse.Namespace) -> int:
    """Write the file."""
    from fleet_server.reports.formats import FORMATS
    from fleet_server.store.database import close, open_database
    from wire.files import write_atomic

    ending = args.to.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise UsageError(f"{args.to}: name it by its format: {', '.join(FORMATS)}")
    period, settings = _period(args.period), load(args.config)
    open_database(settings.database.url)
    try:
        data = _made(args, period, ending, settings)
    finally:
        close()
    write_atomic(args.to, data, 0o640)
    return 0


def _period(name: str) -> "Period":
    from fleet_server.core.spans import read

    try:
        return read(name)
    except ValueError:
        raise UsageError(
            f"{name!r} is no period such as 2026-11, 2026-Q4 or 2026-11-01..2026-11-20"
        ) from None


def _made(args: argparse.Namespace, period: "Period", ending: str, settings: Settings) -> bytes:
    from fleet_server.core.roles import EVERYTHING
    from fleet_server.reports.formats import FORMATS
    from fleet_server.reports.gathering import STEPS, gather
    from fleet_server.reports.written import write
    from fleet_server.store import audit_log
    from fleet_server.store.database import writing
    from fleet_server.store.pages.cases import Sight
    from fleet_server.web.outside import speaking, without_pages
    from provisioning.progress import Bar

    now, bar = clock.now_ms(), Bar(STEPS + 1)
    with speaking(without_pages(settings, clock.now_ms), args.language):
        asked, names = _asked(args.branch, period, now, settings)
        report = gather(asked, names, Sight(EVERYTHING, EVERYTHING), actor(), now, bar.move)
        data = FORMATS[ending].write(write(report))
    bar.move(1)
    where = f"unit:{args.branch}" if args.branch else "fleet"
    with writing():
        details = {"period": period.text, "format": ending}
        audit_log.note(actor(), "report.take", where, details, at=now)
    return data


def _asked(
    code: str | None, period: "Period", now: int, settings: Settings
) -> tuple["Asked", tuple[str, ...]]:
    from fleet_server.core.days import local
    from fleet_server.core.roles import EVERYTHING
    from fleet_server.store import places
    from fleet_server.web.pieces import Asked

    today = local(now, settings.fleet.zone).date()
    if period.first > today:
        raise FleetError(f"{period.text} has not begun")
    tree = places.tree()
    unit = tree.by_code(code) if code else None
    if code and unit is None:
        raise FleetError(f"there is no unit {code}; see: hailong-fleet unit list")
    here = EVERYTHING.within(tree.branch(unit.id)) if unit else EVERYTHING
    names = tuple(node.name for node in tree.path(unit.id)) if unit else ()
    return Asked(period, today, EVERYTHING, unit, None, here), names
