"""A ticket told by REST and by local sources is one served visit: real journal, real ingest."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from device.core.policy import Asking, Policy
from device.core.rules import Site
from device.counter.desk import Desk
from device.tickets.dossiers import DossierKeeper, Spool
from device.tickets.several import Several
from fleet_server.store import queue_events, tallies
from fleet_server.store.models import Dossier, Hourly, Visit
from tests.fakes.counter import FakeButtons, FakeScreen
from tests.fakes.ingest import ZONE
from tests.fakes.words import Words
from tests.fakes.world import COUNTER, DEV, World
from wire import topics, up
from wire.records import Boot, TicketEvent

pytestmark = pytest.mark.usefixtures("engine")

SECOND, MINUTE = 1_000, 60_000
TOLD: tuple[TicketEvent, ...] = ("called", "recalled", "closed")


class Counter:
    """A counter whose tickets are told to the server by REST, and to the terminal by all."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        self.device = self.world.device
        self.clock = self.device.clock
        self.server, self.lan = Words("server", COUNTER), Words("lan", COUNTER)
        self.spool = Spool(folder)
        keeper = DossierKeeper(self.spool, self.device.journal.head, self.clock)
        self.several = Several([self.server, self.lan], keeper)
        self.desk = Desk(
            self.clock,
            self.device.journal,
            self.several,
            FakeButtons(),
            FakeScreen(),
            Site("t-1", COUNTER, "One"),
            Policy(asking=Asking(reasons="never")),
            lambda: None,
        )
        self.desk.start(Boot("0.1.0", "none"))

    @property
    def day(self) -> str:
        local = datetime.fromtimestamp(self.clock.at / 1000, UTC).astimezone(ZONE)
        return local.date().isoformat()

    def rest(self, event: TicketEvent, ticket: str, visit: str | None = None) -> str:
        """The queue system tells the server; the server's ticket reaches the terminal later."""
        word = queue_events.Word(COUNTER, ticket, event, visit)
        return queue_events.take(word, self.clock.at, ZONE)

    def hear_server(self, event: TicketEvent, ticket: str, visit: str) -> None:
        self.server.say(event, ticket, visit, day=self.day, at=self.clock.at)
        self.turn()

    def hear_lan(self, event: TicketEvent, ticket: str, **more: str) -> None:
        self.lan.say(event, ticket, None, day=self.day, **more)
        self.turn()

    def turn(self, ms: int = SECOND) -> None:
        self.clock.advance(ms)
        self.desk.new_ticket()
        self.desk.turn()

    def settle(self) -> tuple[int, int]:
        """Send all; return how many visits the server holds and how many it counts as served."""
        self.world.ingest.now = self.clock.at
        self.world.settle()
        return Visit.select().count(), sum(row.served for row in Hourly.select())

    def close(self) -> None:
        self.several.close()
        for source in (self.server, self.lan):
            source.close()
        self.world.close()


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    counter = Counter(tmp_path)
    yield counter
    counter.close()


@pytest.mark.parametrize("delay_ms", [0, 60_000])
def test_told_by_lan_first(counter: Counter, delay_ms: int) -> None:
    for event in TOLD:
        counter.hear_lan(event, "A017")
        counter.turn(delay_ms)
        visit = counter.rest(event, "A-17")
        counter.hear_server(event, "A-17", visit)
    assert counter.settle() == (1, 1)
    assert [(row.by_rest, row.by_terminal) for row in Visit.select()] == [(True, True)]


@pytest.mark.parametrize("delay_ms", [0, 60_000])
def test_told_by_rest_first(counter: Counter, delay_ms: int) -> None:
    for event in TOLD:
        visit = counter.rest(event, "A-17")
        counter.hear_server(event, "A-17", visit)
        counter.turn(delay_ms)
        counter.hear_lan(event, "A017")
    assert counter.settle() == (1, 1)


def test_told_by_lan_alone_while_the_server_is_away_and_by_rest_much_later(
    counter: Counter,
) -> None:
    for number in range(5):
        for event in ("called", "closed"):
            counter.hear_lan(event, f"B{number}")  # type: ignore[arg-type]
            counter.turn(2 * MINUTE)
    for number in range(5):
        for event in ("called", "closed"):
            counter.rest(event, f"B{number}")  # type: ignore[arg-type]
    assert counter.settle() == (5, 5)


def test_a_no_show_and_a_transfer_are_served_by_neither(counter: Counter) -> None:
    for ticket, event in (("A1", "no_show"), ("A2", "transferred")):
        counter.hear_lan("called", ticket)
        counter.rest("called", ticket)
        counter.hear_lan(event, ticket)  # type: ignore[arg-type]
        counter.rest(event, ticket)  # type: ignore[arg-type]
    visits, served = counter.settle()
    assert (visits, served) == (2, 0)


def test_a_number_called_twice_in_a_day_is_two_visits_for_all(counter: Counter) -> None:
    for _ in range(2):
        for event in ("called", "closed"):
            counter.hear_lan(event, "A1")  # type: ignore[arg-type]
            visit = counter.rest(event, "A1")  # type: ignore[arg-type]
            counter.hear_server(event, "A1", visit)  # type: ignore[arg-type]
        counter.turn(3_600_000)
    assert counter.settle() == (2, 2)


def test_a_dossier_finds_its_visit_once_the_record_is_held_and_not_before(
    counter: Counter,
) -> None:
    counter.hear_lan("called", "A017", dossier="H29.12-221014-0005")
    [visit] = counter.spool.visits()
    kept = counter.spool.get(visit)
    assert kept is not None
    said = (topics.topic(DEV, "visits"), up.encode_up(up.Visit(visit, kept.dossier)))
    counter.world.ingest.raw(said)
    assert (Dossier.select().count(), tallies.read()["dossiers_unmatched"]) == (0, 1)
    counter.settle()
    counter.world.ingest.raw(said)
    counter.world.ingest.raw(said)
    assert [row.dossier for row in Dossier.select()] == ["H29.12-221014-0005"]
    assert tallies.read()["dossiers_unmatched"] == 1
