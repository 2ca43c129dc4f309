"""Chains, time and reports beside the counter (device/keeper.py), on real files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from device.inbox.inboxes import Inboxes
from device.inbox.store import Finding, LinkStore
from device.keeper import Keeper
from device.wakeup import WakeUp
from tests.fakes.journals import DEV, StillClock, everything, opened, rating
from wire.codec import decode
from wire.envelope import payload_of
from wire.records import ChainStart, ClockQuality, ClockSet, Fault, Reasons, Record

NOON = 1_790_000_000_000


class MovableClock(StillClock):
    """A still clock that can be set."""

    def set_wall(self, wall_ms: int, up_ms: int) -> None:
        self.at = wall_ms + self.up - up_ms
        self.now_is = "holdover"


class Kept:
    """A keeper on a folder, with the uplink's side of it."""

    def __init__(self, data: Path, quality: ClockQuality = "synced") -> None:
        self.data = data
        self.clock = MovableClock(NOON)
        self.clock.now_is = quality
        self.journal = opened(data, self.clock).journal
        self.link = LinkStore(data)
        self.uplink = WakeUp(data, "uplink")
        self.terminal = WakeUp(data, "terminal")
        self.chains_begun = 0
        self.last_words: list[Reasons] = []
        self.figures: dict[str, Any] = {"faults": [], "out_of_service": False, "presses": {}}
        self.keeper = Keeper(
            self.clock,  # type: ignore[arg-type]
            self.journal,
            Inboxes(data, DEV),
            self.on_chain,
            lambda: self.figures,
            self.terminal,
            self.on_leaving,
        )

    def on_chain(self) -> None:
        self.chains_begun += 1

    def on_leaving(self) -> None:
        if self.last_words:
            self.journal.append(self.last_words.pop())

    def turn(self, ms: int = 1000) -> "Kept":
        self.clock.advance(ms)
        self.keeper.turn()
        return self

    @property
    def records(self) -> list[Record]:
        return [decode(payload_of(entry.token)) for entry in everything(self.data)]

    def bodies(self, kind: type) -> list[Any]:
        return [record.body for record in self.records if isinstance(record.body, kind)]

    def close(self) -> None:
        for part in (self.journal, self.link, self.uplink, self.terminal):
            part.close()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    kept = Kept(tmp_path)
    yield kept
    kept.close()


def test_when_all_is_well_nothing_is_recorded(kept: Kept) -> None:
    before = len(kept.records)
    kept.turn().turn().turn()
    assert len(kept.records) == before


def test_after_a_fork_a_new_chain_names_both_heads(kept: Kept) -> None:
    kept.journal.append(rating())
    head = kept.journal.head()
    kept.link.add_finding(Finding(head.chain, "fork", 9, "h" * 42 + "A", b"a.receipt.jws"))
    kept.turn()
    start = kept.bodies(ChainStart)[-1]
    assert start == ChainStart(
        "fork", head.chain, head.seq, head.hash, "a.receipt.jws", 9, "h" * 42 + "A"
    )
    assert kept.bodies(Fault) == [Fault("fork")]
    assert kept.chains_begun == 1


def test_what_belongs_into_the_old_chain_still_goes_there(kept: Kept) -> None:
    kept.journal.append(rating())
    head = kept.journal.head()
    kept.last_words = [Reasons(head.seq, ("attitude",))]
    kept.link.add_finding(Finding(head.chain, "fork", 9, "h" * 42 + "A", b"a.b.c"))
    kept.turn()
    said = next(record for record in kept.records if isinstance(record.body, Reasons))
    assert (said.stamp.chain, said.stamp.seq) == (head.chain, head.seq + 1)
    assert kept.bodies(ChainStart)[-1].former_seq == head.seq + 1


def test_a_fork_is_acted_on_once(kept: Kept) -> None:
    head = kept.journal.head()
    kept.link.add_finding(Finding(head.chain, "fork", 9, "h" * 42 + "A", b"a.b.c"))
    kept.turn().turn().turn()
    assert kept.chains_begun == 1
    assert len(kept.bodies(ChainStart)) == 2


def test_a_chain_that_cannot_be_sent_any_further_is_left(kept: Kept) -> None:
    head = kept.journal.head()
    kept.link.add_finding(Finding(head.chain, "broken", 1, details="bad bytes"))
    kept.turn()
    assert kept.bodies(ChainStart)[-1].reason == "damage"
    assert kept.bodies(Fault) == [Fault("journal")]


def test_a_finding_of_an_older_chain_changes_nothing(kept: Kept) -> None:
    kept.link.add_finding(Finding("0" * 32, "fork", 9, "h" * 42 + "A", b"a.b.c"))
    kept.turn()
    assert kept.chains_begun == 0


def test_a_record_of_ours_that_cannot_be_read_is_told_once(kept: Kept) -> None:
    head = kept.journal.head()
    kept.link.add_finding(Finding(head.chain, "poison", 1, details="odd"))
    kept.turn().turn()
    assert [fault.what for fault in kept.bodies(Fault)] == ["record"]
    assert kept.chains_begun == 0


def test_the_servers_time_sets_the_clock_and_is_recorded_once(kept: Kept) -> None:
    kept.clock.now_is = "unset"
    kept.clock.at = 0
    kept.turn()
    kept.link.set_server_time(kept.clock.up_ms(), NOON)
    kept.turn().turn()
    settings = kept.bodies(ClockSet)
    assert [(s.after, s.source) for s in settings][-1] == (NOON + 1000, "receipt")
    assert kept.clock.wall_ms() == NOON + 2000


def test_a_clock_that_jumped_by_itself_is_recorded(kept: Kept) -> None:
    kept.turn()
    kept.clock.at += 90_000
    kept.turn()
    assert kept.bodies(ClockSet) == [ClockSet(NOON + 2000, NOON + 92_000, "ntp")]


def test_a_clock_that_drifts_a_little_is_not_worth_a_record(kept: Kept) -> None:
    kept.turn()
    kept.clock.at += 499
    kept.turn()
    assert kept.bodies(ClockSet) == []


def test_a_clock_that_begins_to_be_believed_is_recorded_even_if_it_was_right(
    tmp_path: Path,
) -> None:
    kept = Kept(tmp_path, "unset")
    kept.turn()
    kept.clock.now_is = "synced"
    kept.turn().turn()
    assert kept.bodies(ClockSet) == [ClockSet(NOON + 2000, NOON + 2000, "ntp")]
    kept.close()


def test_it_looks_once_a_second(kept: Kept) -> None:
    kept.turn()
    kept.clock.at += 90_000
    kept.turn(999)
    assert kept.bodies(ClockSet) == []
    kept.turn(1)
    assert len(kept.bodies(ClockSet)) == 1


def test_the_uplink_is_told_every_quarter_of_a_minute_and_at_once_of_news(kept: Kept) -> None:
    kept.turn()
    assert kept.uplink.drain() == [{"health": kept.figures}]
    kept.turn(14_000)
    assert kept.uplink.drain() == []
    kept.figures = {**kept.figures, "faults": ["button_stuck satisfied"]}
    kept.turn()
    assert kept.uplink.drain() == [{"health": kept.figures}]
    kept.figures = {**kept.figures, "config_version": 2}
    kept.turn()
    assert kept.uplink.drain() == [{"health": kept.figures}]
    kept.turn(15_000)
    assert len(kept.uplink.drain()) == 1
