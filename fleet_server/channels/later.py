"""Rating a ticket later: the addresses that QRs on tickets lead to, made and read again.

An address is good until some days after the ticket's own, so that the same visit has the same
address however often it is asked for. Nothing of it is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from fleet_server import secret_file
from fleet_server.core import tokens
from fleet_server.core.days import named_day
from fleet_server.core.retention import DAY_MS
from fleet_server.settings import Settings
from provisioning.layout import FleetLayout

PATH = "/rate/"


@dataclass(frozen=True, slots=True)
class Later:
    """Makes and reads these addresses.

    Attributes:
        keys: the secrets that are valid, the newest first.
        url: where the pages are, for people.
        days: how long after its day a ticket may be rated; 0 where none may.
        zone: the fleet's time zone.
    """

    keys: Sequence[bytes]
    url: str
    days: int
    zone: tzinfo

    def ends_at(self, day: str) -> int:
        """Return until when a ticket of a day may be rated, in Unix milliseconds."""
        return named_day(day, self.zone).end + self.days * DAY_MS

    def address(self, visit: str, day: str) -> str | None:
        """Return the address of a visit's page, to be printed as a QR; None where there is none."""
        if not self.days:
            return None
        return f"{self.url}{PATH}{tokens.make(self.keys[0], visit, self.ends_at(day))}"

    def visit_of(self, token: str, now: int) -> str:
        """Return the visit that a token is for.

        Raises:
            TokenError: it is not good, or no longer.
        """
        if not self.days:
            raise tokens.TokenError("malformed")
        return tokens.check(token, self.keys, now)


def later_of(settings: Settings) -> Later:
    """Return what a fleet's settings and secrets say.

    Raises:
        FleetError: a secret can't be read.
    """
    keys = _keys(settings.layout)
    url = settings.web.url.rstrip("/")
    return Later(keys, url, settings.qr.days, settings.fleet.zone)


def _keys(layout: FleetLayout) -> list[bytes]:
    keys = [secret_file.read(layout.ticket_secret)]
    if layout.former_ticket_secret.exists():
        keys.append(secret_file.read(layout.former_ticket_secret))
    return keys
