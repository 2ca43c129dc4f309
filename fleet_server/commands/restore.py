"""``hailong-fleet restore``: put a backup in the place of the database's rows."""

import argparse
from pathlib import Path

from fleet_server import clock
from fleet_server.commands import actor, add_config
from fleet_server.settings import load

_EPILOG = """\
End the fleet's processes before, and start them afterwards: ingest then tells all terminals up to
where their records are held, and they send again what came after the backup. Keys and certificates
are not touched. Then check with: hailong-fleet verify
"""


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = sub.add_parser(
        "restore",
        help="put a backup back, all of it or nothing",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="written by hailong-fleet backup")
    parser.add_argument(
        "--replace", action="store_true", help="replace what the database holds now"
    )
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Check the file, put it back, and say of when it is."""
    from fleet_server.backups import restoring
    from fleet_server.store.database import close
    from provisioning.progress import Bar

    settings = load(args.config)
    bar = Bar()
    try:
        manifest = restoring.restore(
            settings, args.file, clock.now_ms(), actor(), bar, replace=args.replace
        )
    finally:
        bar.end()
        close()
    print(f"{manifest.total} rows of {manifest.made:%Y-%m-%d %H:%M} UTC are back.")
    return 0
