"""Makes the fleet in which a district grows: units, counters, people, a key for queue systems."""

import re
from dataclasses import replace
from pathlib import Path

from fleet_server.app import create_app
from fleet_server.core.days import day_on
from fleet_server.district.building import Taking
from fleet_server.district.calling import Calling
from fleet_server.district.casework import Casework
from fleet_server.district.clerk import Clerk
from fleet_server.district.district import District
from fleet_server.district.hearing import Hearing
from fleet_server.district.kept import Kept, keep
from fleet_server.district.people import add_people
from fleet_server.district.places import DISTRICT
from fleet_server.district.rounds import rounds_of
from fleet_server.mqtt.signing import load_signer
from fleet_server.settings import Settings
from fleet_server.store import api_keys, database
from fleet_server.store.api_keys import NewKey
from fleet_server.web.signin import hashed
from wire.files import write_atomic

YEAR_MS = 365 * 24 * 3_600_000
MAKER = "person:quan-tri@binhhoa.example"
KEYS = (
    NewKey(
        "xep-hang-mot-cua",
        ("tickets:write", "tickets:qr", "contacts:write"),
        DISTRICT,
        None,
        MAKER,
    ),
    NewKey("kho-du-lieu-thanh-pho", ("figures:read",), None, None, MAKER),
)
"""What programs use the REST interface: the queue system, and the city's data store."""


def found(settings: Settings, district: District, folder: Path, password: str) -> Kept:
    """Fill an empty fleet with a district on the morning of its first day.

    Args:
        settings: the fleet's settings.
        district: what is to grow there.
        folder: where to keep how far it is.
        password: with which everybody signs in.
    """
    at = day_on(district.first, district.zone).start
    _let_in_by_password(settings)
    with create_app(settings).app_context():
        Clerk(district, settings.layout).found(district, at)
        add_people(district, hashed(password), at)
    for key in KEYS:
        api_keys.add(replace(key, expires_at=at + YEAR_MS), at)
    database.close()
    kept = Kept(district.first, 0, 0, {}, password)
    keep(folder, kept)
    return kept


def _let_in_by_password(settings: Settings) -> None:
    """Ask nobody for a second factor: whoever looks at a demo has none to show."""
    text = settings.path.read_text("utf-8")
    asked = re.sub(r"(?m)^second_factor = .*$", "second_factor = []", text)
    write_atomic(settings.path, asked.encode())


def taking_of(settings: Settings, district: District, *, publishes: bool) -> Taking:
    """Open the database, and return what lets the fleet take days."""
    database.open_database(settings.database.url)
    return Taking(
        Clerk(district, settings.layout), Casework(district), Hearing(settings),
        Calling(district, settings), rounds_of(settings), load_signer(settings.layout),
        settings.fleet.zone, publishes=publishes,
    )  # fmt: skip
