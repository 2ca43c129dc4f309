"""A clerk who presses before or after the citizen: kept in the journal, shown by the server.

From bouncing contacts through the real desk and journal to a real ingest and its figures.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from device.identity.files import IdentityFiles
from fleet_server.core.participation import COUNTED
from fleet_server.store.pages import lines
from tests.fakes import people
from tests.fakes.ingest import Ingest, ingest
from tests.fakes.journals import everything
from tests.fakes.machine import Machine
from tests.fakes.month import ZONE, Counterside
from wire.codec import decode
from wire.envelope import payload_of
from wire.records import Rating

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.soak]
OPENED = int(datetime(2026, 11, 23, 7, 30, tzinfo=ZONE).timestamp() * 1000)
DEV, CODE = "t-1", "Q1"
RUN = 50


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Ingest]:
    with ingest(tmp_path) as one:
        yield one


@pytest.fixture
def counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counterside]:
    config = tmp_path / "terminal.toml"
    config.write_text(f'[terminal]\nid = "{DEV}"\ncounter = "{CODE}"\n')
    one = Counterside(config, Machine(OPENED, monkeypatch), monkeypatch)
    yield one
    one.close()


def test_a_clerk_who_presses_first_or_last_is_shown_as_contested(
    counter: Counterside,
    server: Ingest,
    repeats: Callable[[int, int], int],
    figure: Callable[[str], None],
) -> None:
    data = counter.settings.terminal.data
    server.enrol(DEV, CODE, IdentityFiles(data).load_or_make_key())
    kinds = (people.by_button, people.clerk_before, people.clerk_after)
    citizens = people.a_day(repeats(30, 300), Random(4), kinds)
    for citizen in citizens:
        counter.serve(citizen)

    tokens = [entry.token for entry in everything(data)]
    bodies = [decode(payload_of(token)).body for token in tokens]
    ratings = [body for body in bodies if isinstance(body, Rating)]
    for first in range(0, len(tokens), RUN):
        server.send(DEV, tokens[first : first + RUN])
    [line] = lines.by_counter("2026-11-23", "2026-11-24").values()

    expected = people.figures_of(citizens)
    assert sum(rating.contested is True for rating in ratings) == expected["contested"]
    counted = Counter({name: getattr(line.sums, name) for name in COUNTED})
    assert +counted == expected
    figure(
        f"{len(citizens)} visits, {expected['contested']} presses of clerks: all kept, all shown"
    )
