"""Checks that look into the database: opened for them, and closed again."""

from collections.abc import Callable, Iterator
from functools import wraps

from fleet_server.doctor.patient import Patient
from fleet_server.store import database
from fleet_server.store.errors import SchemaError
from provisioning.finding import Finding

Look = Callable[[Patient], Iterator[Finding]]


def with_database(look: Look) -> Look:
    """Let a check find the database open; where it can't be used, `database.look` has told it."""

    @wraps(look)
    def opened(patient: Patient) -> Iterator[Finding]:
        try:
            database.open_database(patient.settings.database.url)
        except SchemaError:
            return
        try:
            yield from look(patient)
        finally:
            database.close()

    return opened
