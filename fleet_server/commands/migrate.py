"""``hailong-fleet migrate``: bring the tables up to date after an update of the software."""

import argparse
from pathlib import Path

from fleet_server.commands import actor, add_config
from fleet_server.errors import FleetError
from fleet_server.settings import load
from provisioning.layout import FleetLayout


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    migrate = sub.add_parser("migrate", help="bring the tables of the database up to date")
    add_config(migrate)


def run(args: argparse.Namespace) -> int:
    """Apply the migrations that the database lacks, and make the secrets that are new."""
    from fleet_server.addresses import described
    from fleet_server.found import begin_with_targets
    from fleet_server.store.database import (
        SchemaError,
        bind,
        close,
        create_database,
        engine,
        pending,
    )

    settings = load(args.config)
    url = settings.database.url
    database = engine(url)
    if not database.exists():
        raise SchemaError(f"{described(url)}: no database there; put a copy back, or make a fleet")
    bind(database)
    steps = pending(database)
    create_database(url)
    try:
        begin_with_targets(settings)
        _note(steps)
        _second_factor_secret(settings.layout)
        _ticket_secret(settings.layout)
    finally:
        close()
    print("The tables are up to date.")
    return 0


def _note(steps: list[str]) -> None:
    from fleet_server.clock import now_ms
    from fleet_server.store import audit_log
    from fleet_server.store.database import writing

    if steps:
        with writing():
            audit_log.note(actor(), "database.migrate", "database", {"steps": steps}, at=now_ms())


def _second_factor_secret(layout: FleetLayout) -> None:
    """Make the key of second factors where a fleet is older than it, but never a second one."""
    from fleet_server.store.users import second_factors

    path = layout.second_factor_secret
    if path.exists():
        return
    if second_factors():
        raise FleetError(
            f"{path}: is missing, and people's second factors can't be read without it; put it "
            "back from a copy, or let everybody begin anew: hailong-fleet user reset --email "
            "E-MAIL --second-factors"
        )
    _make(path)


def _ticket_secret(layout: FleetLayout) -> None:
    """Make the key of tickets where there is none; what was printed by a lost one is of no use."""
    if not layout.ticket_secret.exists():
        _make(layout.ticket_secret)


def _make(path: Path) -> None:
    from fleet_server.found import add_secret

    add_secret(path)
    print(f"{path} was made; keep a copy of it with the other secrets.")
