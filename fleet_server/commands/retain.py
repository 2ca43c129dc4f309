"""``hailong-fleet retain``: erase what is kept long enough; never a signed record."""

import argparse

from fleet_server import clock
from fleet_server.commands import actor, add_config
from fleet_server.settings import load

_EPILOG = """\
How many days each kind is kept stands in fleet.toml under [retention]. Ingest does the same once an
hour, a little at a time; this command does all of it at once.
"""


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = sub.add_parser(
        "retain",
        help="erase dossiers and other erasable things that are kept long enough",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would go")
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Say of each kind how long it is kept and how much goes or went."""
    from fleet_server import logs, retention
    from fleet_server.store.database import close, open_database
    from provisioning.progress import Bar

    settings = load(args.config)
    logs.configure()
    now = clock.now_ms()
    open_database(settings.database.url)
    bar = Bar()
    try:
        counts = retention.due(settings.retention, now)
        if not args.dry_run:
            bar.expect(sum(counts.values()))
            counts = retention.erase(settings.retention, now, actor(), moved=bar.move)
    finally:
        bar.end()
        close()
    word = "would go" if args.dry_run else "gone"
    for name, count in counts.items():
        print(f"{name}\t{settings.retention[name]} days\t{count} {word}")
    return 0
