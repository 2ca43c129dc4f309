"""``hailong-fleet migrate``: bring the tables up to date after an update of the software."""

import argparse

from fleet_server.commands import add_config
from fleet_server.settings import load


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    migrate = sub.add_parser("migrate", help="bring the tables of the database up to date")
    add_config(migrate)


def run(args: argparse.Namespace) -> int:
    """Apply the migrations that the database lacks."""
    from fleet_server.addresses import described
    from fleet_server.store.database import SchemaError, close, create_database, engine

    url = load(args.config).database.url
    if not engine(url).exists():
        raise SchemaError(f"{described(url)}: no database there; put a copy back, or make a fleet")
    create_database(url)
    close()
    print("The tables are up to date.")
    return 0
