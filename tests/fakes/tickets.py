"""The pages on which tickets are rated later, with a secret that tests know."""

from fleet_server.channels.later import Later
from fleet_server.settings import Settings
from tests.fakes.desk import DAY, SAIGON

KEY = bytes(range(32))
DAYS = 7


def let_know(fleet: Settings) -> None:
    """Give a fleet the secret that tests know."""
    fleet.layout.ticket_secret.write_text(KEY.hex())


def path(visit: str, day: str = DAY, key: bytes = KEY) -> str:
    """Return the path of a visit's page."""
    found = Later([key], "", DAYS, SAIGON).address(visit, day)
    assert found is not None
    return found
