"""``hailong-fleet export-tree``: units, counters and terminals as a spreadsheet."""

import argparse
from pathlib import Path

from fleet_server import clock
from fleet_server.commands import actor, add_config
from fleet_server.errors import UsageError
from fleet_server.settings import load


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = sub.add_parser(
        "export-tree",
        help="write units, counters and terminals to a spreadsheet",
        description="Writes an XLSX file with three sheets. Edited, it is taken by import-tree.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="list.xlsx")
    parser.add_argument("--language", choices=("vi", "en"), default="vi", help="of the headings")
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Write the file."""
    from fleet_server.sheets.writing import xlsx_bytes
    from fleet_server.store.database import close, open_database
    from fleet_server.tree_import import exported, sheets
    from wire.files import write_atomic

    if args.file.suffix.lower() != ".xlsx":
        raise UsageError(
            f"{args.file}: what is written is a workbook of three sheets; name it .xlsx"
        )
    settings = load(args.config)
    open_database(settings.database.url)
    try:
        fleet = exported(clock.now_ms(), actor())
    finally:
        close()
    write_atomic(args.file, xlsx_bytes(sheets(fleet, args.language)), 0o640)
    return 0
