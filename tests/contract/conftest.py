"""One suite for every broker: what the rest of the system may rely on."""

import itertools
from collections.abc import Callable, Iterator

import pytest

from fleet_server.settings import Settings
from tests.fakes.brokers import KINDS, Broker, running_broker
from tests.fakes.fleets import Identity, enrolled, ingest_identity, new_counter, new_fleet

NewTerminal = Callable[[], Identity]


@pytest.fixture(scope="module", params=KINDS)
def broker(
    request: pytest.FixtureRequest, engine: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Broker]:
    """A running broker of each kind, with a fleet of its own."""
    directory = tmp_path_factory.mktemp("fleet") / "fleet"
    new_counter(new_fleet(directory, request.param))
    with running_broker(request.param, directory) as running:
        yield running


@pytest.fixture
def fleet(broker: Broker) -> Settings:
    """The settings of the broker's fleet."""
    return broker.fleet


@pytest.fixture
def ingest(fleet: Settings) -> Identity:
    """The certificate of the fleet's ingest."""
    return ingest_identity(fleet)


_numbers = itertools.count(1)


@pytest.fixture
def new_terminal(fleet: Settings) -> NewTerminal:
    """Make terminals that are enrolled, each under a name of its own."""
    return lambda: enrolled(fleet, f"t-{next(_numbers)}")
