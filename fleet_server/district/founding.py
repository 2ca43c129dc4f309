"""Makes the fleet in which a district grows: units, counters, people, a key for queue systems."""

from pathlib import Path

from fleet_server.app import create_app
from fleet_server.core.days import day_on
from fleet_server.district.building import Taking
from fleet_server.district.clerk import Clerk
from fleet_server.district.district import District
from fleet_server.district.kept import Kept, keep
from fleet_server.district.people import add_people
from fleet_server.mqtt.signing import load_signer
from fleet_server.settings import Settings
from fleet_server.store import api_keys, database
from fleet_server.store.queue_events import Caller
from fleet_server.web.signin import hashed

QUEUE_SYSTEM = "queue-system"


def found(settings: Settings, district: District, folder: Path, password: str) -> Kept:
    """Fill an empty fleet with a district on the morning of its first day.

    Args:
        settings: the fleet's settings.
        district: what is to grow there.
        folder: where to keep how far it is.
        password: with which everybody signs in.
    """
    at = day_on(district.first, district.zone).start
    with create_app(settings).app_context():
        Clerk(district, settings.layout).found(district, at)
        add_people(hashed(password), at)
    api_keys.add(QUEUE_SYSTEM, at)
    database.close()
    kept = Kept(district.first, 0, 0, {}, password)
    keep(folder, kept)
    return kept


def taking_of(settings: Settings, district: District, *, publishes: bool) -> Taking:
    """Open the database, and return what lets the fleet take days."""
    database.open_database(settings.database.url)
    clerk = Clerk(district, settings.layout)
    caller = Caller(api_keys.named(QUEUE_SYSTEM))
    signer = load_signer(settings.layout)
    return Taking(clerk, signer, settings.fleet.zone, caller, publishes=publishes)
