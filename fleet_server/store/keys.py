"""The enrolment registry as verification needs it: each terminal's keys, revoked ones too."""

from collections.abc import Collection

from fleet_server.core.verify import EnrolledKey, Keyring
from fleet_server.store.sql import ask, marks


def keyrings(terminals: Collection[str]) -> dict[str, Keyring]:
    """Return the keys of those of ``terminals`` that belong to the fleet, revoked keys too."""
    rings: dict[str, dict[str, EnrolledKey]] = {}
    text = (
        "SELECT t.id, k.kid, k.x, k.revoked_at FROM terminal t "
        f"LEFT JOIN terminal_key k ON k.terminal_id = t.id WHERE t.id IN {marks(list(terminals))}"
    )
    for terminal, kid, x, revoked_at in ask(text, *terminals):
        ring = rings.setdefault(terminal, {})
        if kid is not None:
            ring[kid] = EnrolledKey(kid, x, revoked_at)
    return dict(rings)
