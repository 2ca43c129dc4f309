"""``hailong-fleet backup``: all of the fleet but its keys, in one file."""

import argparse
from pathlib import Path

from fleet_server import clock
from fleet_server.commands import actor, add_config
from fleet_server.errors import UsageError
from fleet_server.settings import load

_EPILOG = """\
In it: all records, ratings, figures, places, people (with the hashes of their passwords), the audit
log, and fleet.toml. So keep it as safe as the database itself.
Not in it: keys, certificates and secrets (pki/, keys/, secrets/, posting/, draw.secret,
database.pgpass). Copy those once, and after each change of a key, onto a stick that lies in a safe.
"""


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = sub.add_parser(
        "backup",
        help="write a backup of the database while everything runs",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "file",
        metavar="FILE",
        help="where to; a folder gets a file named by the time, and a name that ends in / is a "
        "folder, made where it is not there",
    )
    parser.add_argument(
        "--keep",
        type=int,
        metavar="N",
        help="where FILE is a folder: afterwards remove all but the newest N that were named there",
    )
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Write the backup, read it again, and say where it is."""
    from fleet_server.backups import making
    from fleet_server.store.database import close
    from provisioning.progress import Bar

    if args.keep is not None and args.keep < 1:
        raise UsageError("--keep must be 1 or more: the backup that is made now stays")
    settings = load(args.config)
    now = clock.now_ms()
    file = Path(args.file).absolute()
    if args.file.endswith("/"):
        file.mkdir(mode=0o700, exist_ok=True)
    if file.is_dir():
        file /= making.named(now)
    elif args.keep is not None:
        raise UsageError(
            f"{file}: is no folder, so there are no others to remove; leave out --keep"
        )
    bar = Bar()
    try:
        manifest = making.make(settings, file, now, actor(), bar)
    finally:
        bar.end()
        close()
    print(f"{file}: {manifest.total} rows, read again and found whole. It holds no keys.")
    if args.keep is not None:
        for old in making.remove_old(file, args.keep):
            print(f"{old}: removed")
    return 0
