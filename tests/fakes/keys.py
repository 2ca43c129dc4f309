"""API keys for tests."""

from collections.abc import Collection

from fleet_server.core.api_scopes import SCOPES, WHOLE_ONLY
from fleet_server.store import api_keys
from fleet_server.store.api_keys import NewKey
from tests.fakes.desk import NINE


def new_key(
    name: str = "queue",
    scopes: Collection[str] | None = None,
    unit: str | None = None,
    expires_at: int | None = None,
    now: int = NINE,
) -> str:
    """Make a key, with every scope unless told otherwise."""
    every = frozenset(SCOPES) - (frozenset() if unit is None else WHOLE_ONLY)
    return api_keys.add(NewKey(name, every if scopes is None else scopes, unit, expires_at), now)
