from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server.store import database as db
from tests.fakes import databases


@pytest.fixture
def fleet(engine: str, tmp_path: Path) -> Iterator[None]:
    """An empty database of a fleet, opened."""
    db.open_database(databases.made(tmp_path))
    yield
    db.close()
