from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server.store import database as db


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[None]:
    """An empty database of a fleet, opened."""
    db.create_database(f"sqlite:{tmp_path / 'fleet.db'}")
    yield
    db.close()
