"""``hailong-fleet import-tree``: units, counters and terminals from a spreadsheet."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from fleet_server import clock
from fleet_server.commands import actor, add_config
from fleet_server.errors import FleetError, UsageError
from fleet_server.settings import load

if TYPE_CHECKING:
    from fleet_server.core.tree_import.plan import Plan


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = sub.add_parser(
        "import-tree",
        help="take units, counters and terminals from a spreadsheet",
        description="Reads a CSV or XLSX file such as export-tree writes, prints what it adds and "
        "changes, and does all of it or, if a row is wrong, nothing. What the file does not name "
        "stays as it is; nothing is taken away.",
        epilog="Exit code 0: done, or nothing to do. 1: a row is wrong; lines say which and why.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="list.csv or list.xlsx")
    parser.add_argument("--dry-run", action="store_true", help="only print what it would do")
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Print the plan, and carry it out."""
    from fleet_server.core.tree import TreeError
    from fleet_server.sheets.errors import SheetError
    from fleet_server.store.database import close, open_database
    from fleet_server.tree_import import Changed, carry_out, planned, source_of
    from fleet_server.web.words.tree import refusal, trouble

    settings = load(args.config)
    content = _content(args.file)
    source = source_of(args.file.name, content, clock.now_ms(), settings.fleet.zone, actor())
    open_database(settings.database.url)
    try:
        plan = planned(content, source.name)
        for line in told(plan):
            print(line)
        if plan.problems:
            raise FleetError(f"{args.file}: {len(plan.problems)} rows are wrong; nothing was done")
        if not args.dry_run:
            carry_out(content, source, plan.digest)
    except SheetError as error:
        raise FleetError(f"{args.file}: {trouble(error)}") from None
    except TreeError as error:
        raise FleetError(refusal(error)) from None
    except Changed:
        raise FleetError(
            "somebody changed the tree meanwhile; nothing was done, try again"
        ) from None
    finally:
        close()
    if not args.dry_run:
        print("Done." if plan.steps else "Nothing to do.", file=sys.stderr)
    return 0


def _content(path: Path) -> bytes:
    from fleet_server.sheets.reading import FILE_MAX

    with path.open("rb") as file:
        content = file.read(FILE_MAX + 1)
    if len(content) > FILE_MAX:
        raise UsageError(f"{path}: larger than {FILE_MAX // 1_000_000} MB")
    return content


def told(plan: "Plan") -> Iterator[str]:
    """Yield the lines that say what a plan does and what is wrong with it."""
    from fleet_server.web.words.tree import problem

    for step in plan.steps:
        what = f"{step.subject.removesuffix('s')} {step.code}"
        if step.before is None:
            changes = ", ".join(f"{name} “{text}”" for name, _none, text in step.changes)
            yield f"add     {what}: {changes}"
        else:
            changes = ", ".join(f"{name} “{was}” → “{now}”" for name, was, now in step.changes)
            yield f"change  {what}: {changes}"
    for one in plan.problems:
        where = f"{one.table}, row {one.row}" + (f", {one.column}" if one.column else "")
        yield f"WRONG   {where}: {problem(one)}"
    for name in plan.ignored:
        yield f"not read: sheet “{name}” has no headings that are known"
    for subject, counts in plan.counts.items():
        yield f"{subject}: " + ", ".join(f"{number} {what}" for what, number in counts.items())
