"""``hailong-fleet copy-database``: move a fleet to another database, of the other engine too."""

import argparse

from fleet_server import clock
from fleet_server.commands import actor, add_config
from fleet_server.settings import load

_EPILOG = """\
For an office that outgrows SQLite. End the fleet's processes before. Nothing is taken away from the
present database; afterwards write the new address into fleet.toml and start the processes again.
"""


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = sub.add_parser(
        "copy-database",
        help="copy all rows into another, empty database",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--to",
        required=True,
        metavar="URL",
        help="sqlite:FILE or postgresql://user@host/name; the password lies in database.pgpass",
    )
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Copy, and say what to do next."""
    from fleet_server import addresses
    from fleet_server.backups import restoring
    from fleet_server.errors import UsageError
    from fleet_server.store.database import close
    from provisioning.progress import Bar

    settings = load(args.config)
    layout = settings.layout
    try:
        url = addresses.absolute(args.to, layout.directory, layout.database_passfile)
    except addresses.AddressError as error:
        raise UsageError(f"--to {error}") from None
    bar = Bar()
    try:
        rows = restoring.copy_database(settings, url, clock.now_ms(), actor(), bar)
    finally:
        bar.end()
        close()
    print(f"{rows} rows were copied. Now write it into {settings.path}, under [database]:")
    print(f'  url = "{args.to}"')
    return 0
