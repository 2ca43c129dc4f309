"""Inviting a terminal into the fleet: a one-time token in the registry, and the file that holds it.

The command and the page both make enrolment files here.
"""

from fleet_server.settings import Settings
from fleet_server.store import enrolment
from fleet_server.store.enrolment import Place
from provisioning.enrol import files, tokens

DAY_MS = 86_400_000


def invite(
    settings: Settings, terminal: str, place: Place, expires: int, now: int, actor: str
) -> str:
    """Return the text of a new enrolment file, which is a secret; the former one is of no use then.

    Args:
        settings: the fleet's.
        terminal: its id; it is in the fleet and in use.
        place: where it stands.
        expires: Unix milliseconds.
        now: Unix milliseconds.
        actor: for the audit log.

    Raises:
        ProvisioningError: the fleet root or the fleet's public key can't be read.
        WireError: a field is out of its limits.
    """
    token = tokens.new_token()
    invitation = files.Invitation(terminal, place.counter, place.counter_name, token, expires)
    server = files.Server(settings.est.url, settings.broker.host, settings.broker.port)
    # First the file: what can't be written is not promised, and the former token stays.
    text = files.text(settings.layout, invitation, server)
    enrolment.add_token(terminal, tokens.digest(token), expires, now, place=place, actor=actor)
    return text
