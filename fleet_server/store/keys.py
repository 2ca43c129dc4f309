"""The enrolment registry as verification needs it: each terminal's keys, revoked ones too."""

from collections.abc import Collection

from fleet_server.core.verify import EnrolledKey, Keyring
from fleet_server.store.database import rows
from fleet_server.store.models import Terminal, TerminalKey


def keyrings(terminals: Collection[str]) -> dict[str, Keyring]:
    """Return the keys of those of ``terminals`` that belong to the fleet, revoked keys too."""
    rings: dict[str, dict[str, EnrolledKey]] = {
        row.id: {} for row in Terminal.select(Terminal.id).where(Terminal.id.in_(terminals))
    }
    columns = (TerminalKey.terminal, TerminalKey.kid, TerminalKey.x, TerminalKey.revoked_at)
    query = TerminalKey.select(*columns).where(TerminalKey.terminal.in_(list(rings)))
    for terminal, kid, x, revoked_at in rows(query):
        rings[terminal][kid] = EnrolledKey(kid, x, revoked_at)
    return dict(rings)
