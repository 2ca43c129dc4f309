"""``hailong-fleet migrate``: bring the tables up to date after an update of the software."""

import argparse
from collections.abc import Callable
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
        _secrets(settings.layout)
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


def _secrets(layout: FleetLayout) -> None:
    """Make the secrets that are newer than the fleet, but never a second one of any in use."""
    from fleet_server.store import contacts, draws
    from fleet_server.store.users import second_factors

    _secret(
        layout.second_factor_secret,
        second_factors,
        "people's second factors can't be read without it; put it back from a copy, or let "
        "everybody begin anew: hailong-fleet user reset --email E-MAIL --second-factors",
    )
    _secret(
        layout.contact_secret,
        contacts.held,
        "contact data can't be read without it; put it back from a copy",
    )
    _secret(
        layout.draw_secret,
        lambda: len(draws.listed()),
        "nobody can say who was drawn without it; put it back from a copy",
    )
    # What was printed by a lost one is of no use, and a new one harms nothing.
    _secret(layout.ticket_secret, lambda: 0, "")


def _secret(path: Path, in_use: Callable[[], int], what_now: str) -> None:
    from fleet_server import secret_file

    if path.exists():
        return
    if in_use():
        raise FleetError(f"{path}: is missing, and {what_now}")
    secret_file.make(path)
    print(f"{path} was made; keep a copy of it with the other secrets.")
