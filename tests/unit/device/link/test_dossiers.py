"""When the uplink sends dossiers, and when it deletes them (device/link/dossiers.py)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from device.link.dossiers import LOOK_MS, Dossiers
from device.tickets.dossiers import KEPT_MS, Dossier, Spool
from tests.fakes.journals import StillClock
from wire.up import decode_visit

CHAIN = "c" * 32


@dataclass
class Chain:
    chain: str
    reached: int


@dataclass
class State:
    chains: list[Chain] = field(default_factory=list)


class Uplink:
    """A sender that has got so far, and a broker that takes its time."""

    def __init__(self, folder: Path) -> None:
        self.state = State([Chain(CHAIN, 0)])
        self.spool = Spool(folder)
        self.clock = StillClock()
        self.connected = True
        self.sent: list[str] = []
        self.owed: list[Callable[[], None]] = []
        self.dossiers = Dossiers(self.spool, self, self.clock, self._publish)  # type: ignore[arg-type]

    def _publish(self, leaf: str, payload: bytes, *, taken: Callable[[], None]) -> bool:
        assert leaf == "visits"
        if self.connected:
            self.sent.append(decode_visit(payload).dossier)
            self.owed.append(taken)
        return self.connected

    def keep(self, visit: str = "v1", seq: int = 5, **more: object) -> None:
        self.spool.put(Dossier(visit, f"D-{visit}", CHAIN, seq, **more))  # type: ignore[arg-type]

    def turn(self, reached: int, times: int = 1) -> list[str]:
        self.state.chains = [Chain(CHAIN, reached)]
        for _ in range(times):
            self.clock.advance(LOOK_MS)
            self.dossiers.turn()
        return self.sent

    def acknowledge(self) -> None:
        for taken in self.owed:
            taken()
        self.owed.clear()


@pytest.fixture
def uplink(tmp_path: Path) -> Uplink:
    return Uplink(tmp_path)


def test_a_dossier_waits_until_the_server_holds_its_visit(uplink: Uplink) -> None:
    uplink.keep(seq=5)
    assert uplink.turn(reached=4) == []
    assert uplink.turn(reached=5) == ["D-v1"]


def test_it_is_sent_once_and_deleted_when_the_broker_has_it(uplink: Uplink) -> None:
    uplink.keep()
    assert uplink.turn(reached=5, times=3) == ["D-v1"]
    assert uplink.spool.visits() == ["v1"]
    uplink.acknowledge()
    assert uplink.spool.visits() == []


def test_after_a_broken_connection_it_is_sent_again(uplink: Uplink) -> None:
    uplink.keep()
    uplink.connected = False
    assert uplink.turn(reached=5) == []
    uplink.connected = True
    uplink.turn(reached=5)
    uplink.dossiers.disconnected()
    assert uplink.turn(reached=5) == ["D-v1", "D-v1"]


def test_it_is_looked_at_most_once_a_second(uplink: Uplink) -> None:
    uplink.turn(reached=5)
    uplink.keep()
    uplink.dossiers.turn()
    assert uplink.sent == []


def test_many_are_sent_a_few_at_a_time(uplink: Uplink) -> None:
    for number in range(120):
        uplink.keep(f"v{number}")
    assert [len(uplink.turn(reached=5)) for _ in range(4)] == [50, 100, 120, 120]


def test_a_chain_that_is_gone_is_not_waited_for(uplink: Uplink) -> None:
    uplink.spool.put(Dossier("v1", "D-v1", "d" * 32, 5))
    assert uplink.turn(reached=0) == ["D-v1"]


def test_after_thirty_days_it_is_deleted_unsent_if_the_clock_is_believed(uplink: Uplink) -> None:
    uplink.keep("v1", at=uplink.clock.at)
    uplink.keep("v2")
    uplink.clock.now_is = "unset"
    uplink.clock.advance(KEPT_MS)
    uplink.turn(reached=0)
    assert uplink.spool.visits() == ["v1", "v2"]
    uplink.clock.now_is = "synced"
    uplink.turn(reached=0)
    assert (uplink.spool.visits(), uplink.sent) == (["v2"], [])


def test_a_file_that_cannot_be_read_or_deleted_is_logged_and_ends_nothing(
    uplink: Uplink, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    (tmp_path / "visits").mkdir()
    (tmp_path / "visits" / "v0.json").mkdir()
    uplink.turn(reached=5)
    assert "cannot be read" in caplog.text


def test_what_cannot_be_deleted_is_not_sent_each_second(
    uplink: Uplink, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    uplink.keep()
    uplink.turn(reached=5)
    (tmp_path / "visits" / "v1.json").unlink()
    (tmp_path / "visits" / "v1.json").mkdir()
    uplink.acknowledge()
    assert uplink.turn(reached=5, times=3) == ["D-v1"]
    assert "cannot be deleted" in caplog.text
