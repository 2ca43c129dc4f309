"""Makes everything a new fleet needs, in one go. What ``hailong-fleet init`` does."""

from collections.abc import Callable, Iterable
from datetime import datetime

from fleet_server import secret_file
from fleet_server.addresses import is_sqlite
from fleet_server.settings import Settings, parse
from fleet_server.store import sqlite, targets
from fleet_server.store.database import (
    SchemaError,
    close,
    create_database,
    make_sure_empty,
    writing,
)
from provisioning.broker import write as broker
from provisioning.broker.nats import Addresses
from provisioning.broker.rules import INGEST
from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import authority, certificates, keylist
from provisioning.pki.certificates import Issuer
from provisioning.pki.files import PRIVATE, PRIVATE_DIRECTORY, make_directory
from wire.files import write_atomic

Authorities = Callable[[FleetLayout, datetime], Issuer]
"""Fills ``pki/`` and ``keys/`` of a new fleet directory; returns the issuing CA."""


def found(
    settings: Settings,
    text: str,
    server_names: Iterable[str],
    now: datetime,
    passfile: bytes | None = None,
    authorities: Authorities | None = None,
) -> None:
    """Fill the directory that ``settings`` lies in.

    The settings file is written last: where it is, the rest is whole.

    Args:
        settings: the parsed ``text``.
        text: what fleet.toml will hold.
        server_names: host names and addresses for the server certificate.
        now: the time that certificates begin at.
        passfile: PostgreSQL's password file, to be kept in the directory.
        authorities: puts those of an offline ceremony into place; None makes new ones here.

    Raises:
        ProvisioningError: something is there already, or a name can't stand in a certificate.
        SchemaError: the database can't be reached, or holds something already.
    """
    layout = settings.layout
    # Before anything is made: a directory that is half made can't be taken up again.
    names = list(server_names)
    certificates.server_names(names)
    layout.directory.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
    if passfile is not None:
        write_atomic(layout.database_passfile, passfile, PRIVATE)
        settings = parse(text.encode(), layout.config)
    try:
        make_sure_empty(settings.database.url)
        issuing = (authorities or _new_authorities(settings.fleet.name))(layout, now)
    except (SchemaError, ProvisioningError):
        layout.database_passfile.unlink(missing_ok=True)
        raise
    authority.write_server(layout, issuing, names, now)
    authority.write_service(layout, issuing, INGEST, now)
    make_directory(layout.enrolment, PRIVATE_DIRECTORY)
    broker.write(layout, broker_addresses(settings))
    for path in (
        layout.flask_secret, layout.password_salt, layout.second_factor_secret,
        layout.contact_secret, layout.draw_secret, layout.ticket_secret,
    ):  # fmt: skip
        secret_file.make(path)
    if is_sqlite(settings.database.url):
        # SQLite gives its other files the mode of this one.
        write_atomic(sqlite.path_of(settings.database.url), b"", PRIVATE)
    create_database(settings.database.url)
    begin_with_targets(settings)
    close()
    write_atomic(layout.config, text.encode())


def _new_authorities(fleet: str) -> Authorities:
    def make(layout: FleetLayout, now: datetime) -> Issuer:
        issuing = authority.create(layout, fleet, now)
        keylist.create(layout, now)
        return issuing

    return make


def begin_with_targets(settings: Settings) -> None:
    """Let the first version of the targets be what fleet.toml says, unless somebody set another."""
    with writing():
        targets.begin_with(settings.fleet.participation_target, settings.fleet.satisfaction_target)


def broker_addresses(settings: Settings) -> Addresses:
    """Return where the broker listens."""
    return Addresses(settings.broker.listen, settings.broker.port, settings.broker.client_port)
