"""Jobs goes its rounds, whatever becomes of one of them, and ends in good order."""

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path

import pytest
from huey import MemoryHuey
from peewee import OperationalError

from fleet_server import jobs
from fleet_server.settings import Settings
from fleet_server.store import database
from tests.fakes.fleets import new_fleet

pytestmark = pytest.mark.usefixtures("engine")

NOW = 1_800_000_000_000


class Word:
    """A watchdog that counts what it hears."""

    def __init__(self) -> None:
        self.heard = 0

    def ready(self) -> None:
        """Not asked here."""

    def alive(self, _now_s: float) -> None:
        self.heard += 1


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Settings]:
    made = new_fleet(tmp_path / "fleet")
    database.open_database(made.database.url)
    yield made
    database.close()


def failing(_now: int, _zone: tzinfo) -> None:
    raise RuntimeError("our own mistake")


def refused(_now: int, _zone: tzinfo) -> None:
    raise OperationalError("the disk is full")


def test_a_round_that_fails_keeps_no_other_from_its_own(
    fleet: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    went: list[int] = []
    rounds = (failing, refused, lambda now, _zone: went.append(now))
    made = jobs.Jobs(fleet, lambda: NOW, MemoryHuey(immediate=True))
    made.rounds = rounds
    made.look()
    assert went == [NOW]
    said = capsys.readouterr().out
    assert "our own mistake" in said
    assert "the disk is full" in said


def test_rounds_go_as_soon_as_the_process_is_there(
    fleet: Settings,
) -> None:
    went: list[int] = []
    made = jobs.Jobs(fleet, lambda: NOW)

    def go(now: int, _zone: tzinfo) -> None:
        went.append(now)
        made.stop()

    made.rounds = (go,)
    made.run(Word())  # type: ignore[arg-type]  # it hears no more than that
    assert went == [NOW]


def test_the_watchdog_hears_nothing_of_rounds_that_hang(
    fleet: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, seen = jobs.Jobs(fleet, lambda: NOW, MemoryHuey(immediate=True)), []
    made.rounds = (lambda _now, _zone: seen.append(made._hangs()),)
    made.look()
    monkeypatch.setattr(jobs, "LONGEST_LOOK_S", -1.0)
    made.look()
    assert seen == [False, True]
    assert not made._hangs(), "they are over"
