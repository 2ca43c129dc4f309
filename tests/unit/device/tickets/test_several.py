"""Several sources as one, and a desk that hears them (device/tickets/several.py, listener.py)."""

import select
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.core.policy import Asking, Policy
from device.core.rules import Site
from device.core.told import Verdict, Word
from device.counter.desk import Desk
from device.tickets.dossiers import DossierKeeper, Spool
from device.tickets.several import Several
from tests.fakes.counter import BreakableJournal, FakeButtons, FakeScreen
from tests.fakes.journals import StillClock, opened
from tests.fakes.words import Words
from wire.records import Boot, Rating, Ticket

NOW = StillClock().at


class Counter:
    """A desk that hears a server, a queue system and a scanner."""

    def __init__(self, data: Path, first: Word | None = None, seen: Ticket | None = None) -> None:
        self.clock = StillClock()
        self.real = opened(data, self.clock).journal
        self.journal = BreakableJournal(self.real)
        self.server, self.lan, self.scanner = Words("server"), Words("lan"), Words("scanner")
        self.spool = Spool(data)
        keeper = DossierKeeper(self.spool, self.real.head, self.clock)
        self.several = Several([self.server, self.lan, self.scanner], keeper, first)
        self.desk = Desk(
            self.clock,
            self.journal,
            self.several,
            FakeButtons(),
            FakeScreen(),
            Site("t-1", "Q1", "Quầy 1"),
            Policy(asking=Asking(reasons="never")),
            lambda: None,
        )
        self.desk.start(Boot("0.1.0", "none"), seen)

    def turn(self, ms: int = 1_000) -> None:
        self.clock.advance(ms)
        self.desk.new_ticket()
        self.desk.turn()

    @property
    def tickets(self) -> list[tuple[str, str, str]]:
        bodies = self.journal.appended
        return [(b.ticket, b.event, b.source) for b in bodies if isinstance(b, Ticket)]

    @property
    def served(self) -> str | None:
        visit = self.desk.session.visit
        return None if visit is None else visit.ticket

    def close(self) -> None:
        self.several.close()
        for source in (self.server, self.lan, self.scanner):
            source.close()


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    counter = Counter(tmp_path)
    yield counter
    counter.close()


def test_each_records_who_told_it(counter: Counter) -> None:
    counter.server.say("called", "A1", "v1")
    counter.turn()
    counter.lan.say("called", "A2", None)
    counter.turn()
    counter.scanner.say("called", "A3", "s3")
    counter.turn()
    assert counter.tickets == [
        ("A1", "called", "server"), ("A1", "closed", "server"),
        ("A2", "called", "lan"), ("A2", "closed", "lan"),
        ("A3", "called", "scanner"),
    ]  # fmt: skip
    assert counter.served == "A3"


def test_what_two_tell_is_recorded_once_and_rated_once(counter: Counter) -> None:
    counter.lan.say("called", "A017", None)
    counter.server.say("called", "a-17", "v1")
    counter.turn()
    counter.turn()
    assert counter.tickets == [("a-17", "called", "server")]
    assert (counter.lan.verdicts, counter.server.verdicts) == (["echo"], ["news"])
    counter.lan.say("closed", "A017", None)
    counter.turn()
    assert counter.tickets[1:] == [("a-17", "closed", "lan")]
    assert counter.desk.session.phase == "closed"


def test_a_word_is_settled_only_when_it_is_stored(counter: Counter) -> None:
    counter.lan.say("called", "A1", None)
    counter.journal.broken = True
    counter.turn()
    assert (counter.lan.verdicts, counter.desk.out_of_service) == ([], True)
    counter.journal.broken = False
    counter.turn()
    assert counter.lan.verdicts == ["news"]


def test_the_end_of_an_earlier_ticket_does_not_disturb_the_present_one(counter: Counter) -> None:
    counter.lan.say("called", "A1", None)
    counter.lan.say("called", "A2", None)
    counter.lan.say("closed", "A1", None)
    for _ in range(3):
        counter.turn()
    assert counter.tickets[-1] == ("A1", "closed", "lan")
    assert (counter.served, counter.desk.session.phase) == ("A2", "serving")


def test_when_the_server_comes_back_its_old_ticket_displaces_nobody(counter: Counter) -> None:
    counter.server.say("called", "A1", "v1", at=NOW)
    counter.turn()
    counter.lan.say("closed", "A1", None)
    counter.turn()
    counter.clock.advance(3_600_000)
    counter.lan.say("called", "A20", None)
    counter.turn()
    counter.server.say("called", "A2", "v2", at=NOW + 60_000)
    counter.turn()
    assert (counter.served, counter.server.verdicts) == ("A20", ["news", "late"])
    counter.server.say("called", None, None)
    counter.turn()
    assert counter.desk.session.phase == "serving"


def test_a_dossier_is_kept_under_the_visit_that_was_opened_first(counter: Counter) -> None:
    counter.server.say("called", "A1", "v1")
    counter.turn()
    counter.lan.say("called", "A1", None, dossier="H29-221014-0005")
    counter.turn()
    kept = counter.spool.get("v1")
    assert kept is not None
    assert (kept.dossier, kept.seq) == ("H29-221014-0005", counter.real.head().seq)


def test_after_a_restart_what_the_queue_system_said_is_open_again(tmp_path: Path) -> None:
    seen = Ticket("Q1", "v1", "A1", "called", "lan")
    first = Word("lan", "Q1", "Quầy 1", "A1", "called", "v1", at=NOW)
    counter = Counter(tmp_path, first, seen)
    assert (counter.served, counter.tickets) == ("A1", [])
    counter.lan.say("closed", "A1", None)
    counter.turn()
    assert counter.tickets == [("A1", "closed", "lan")]
    counter.close()


def test_it_is_readable_while_any_of_them_is(counter: Counter) -> None:
    assert select.select([counter.several], [], [], 0)[0] == []
    counter.lan.say("called", "A1", None)
    assert select.select([counter.several], [], [], 1)[0] == [counter.several]
    counter.several.drain()
    assert select.select([counter.several], [], [], 0)[0] == []


def test_the_health_report_has_the_figures_of_all(counter: Counter) -> None:
    counter.lan.say("called", "A1", None)
    counter.turn()
    report = counter.desk.report()
    assert (report["tickets"], report["faults"]) == ({"news": 1}, ["lan is a fake"])
    assert (report["server"], report["lan"], report["scanner"]) == (0, 1, 0)


def test_no_dossier_enters_a_record(counter: Counter) -> None:
    counter.scanner.say("called", "S-001", "s1", dossier="H29.12-221014-0005")
    counter.turn()
    assert "H29" not in repr(counter.journal.appended)
    assert not any(isinstance(body, Rating) for body in counter.journal.appended)


def test_settling_nothing_is_nothing(counter: Counter) -> None:
    counter.several.settle(Verdict("news"))
