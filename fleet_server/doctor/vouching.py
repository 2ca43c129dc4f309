"""Whether somebody answers for each key, webhook and wall screen: else it has stopped."""

from collections.abc import Iterator

from fleet_server.core.roles import EVERYTHING
from fleet_server.doctor.opened import with_database
from fleet_server.doctor.patient import Patient
from fleet_server.store import api_keys, walls, webhooks
from provisioning.finding import Finding, good, wrong

CHECK = "answered for"


@with_database
def look(patient: Patient) -> Iterator[Finding]:
    """Name what would work, but for nobody who answers for it."""
    stopped = list(_stopped(patient.now))
    if stopped:
        yield wrong(
            CHECK,
            f"stopped, since nobody answers for it any more: {', '.join(stopped)}",
            "under Settings somebody who may make such things lets it go on, or ends it",
        )
    else:
        yield good(CHECK, "somebody answers for each key, webhook and wall screen")


def _stopped(now: int) -> Iterator[str]:
    for key in api_keys.listed(now):
        if key.stopped and key.standing(now) in ("valid", "soon"):
            yield f"API key {key.name}"
    for hook in webhooks.listed(EVERYTHING, now):
        if hook.stopped and hook.active:
            yield f"webhook {hook.id}"
    for link in walls.listed(now):
        if link.stopped and link.is_valid(now):
            yield f"wall screen {link.name}"
