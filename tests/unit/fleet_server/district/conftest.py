"""The small district, grown once with each engine; each test gets a copy."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fleet_server.district.kept import Kept, load
from fleet_server.settings import Settings
from fleet_server.store import database
from tests.fakes import databases, district, hashing


@pytest.fixture(scope="session")
def districts(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Give a function that returns a fleet directory in which the small district has grown."""
    return databases.once_for_each(lambda: district.template(tmp_path_factory.mktemp("district")))


@pytest.fixture(autouse=True, scope="session")
def quick_hashing() -> Iterator[None]:
    """Make Argon2 cheap."""
    with hashing.cheap():
        yield


@pytest.fixture
def fleet(engine: str, districts: Callable[[], Path], tmp_path: Path) -> Iterator[Settings]:
    """A fleet in which the small district has grown, its database opened."""
    settings = databases.copied_fleet(districts(), tmp_path / "fleet")
    database.open_database(settings.database.url)
    yield settings
    database.close()


@pytest.fixture
def grown(engine: str, districts: Callable[[], Path]) -> Kept:
    """How far the small district has grown."""
    found = load(districts().parent)
    assert found is not None
    return found
