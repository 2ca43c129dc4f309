"""The journal overwritten under a running terminal: what was printed is held, or can be read."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from device.journal.aside import kept
from device.journal.carve import Carved, carve
from tests.fakes.simulated import Simulated
from tests.property.test_journal_damage import noise
from wire.records import Fault, Rating

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]
FILES = ("journal.db", "journal.db-wal", "journal.db-shm")
CHOICES = ("very_satisfied", "satisfied", "unsatisfied")
TRIES = 6


def readable(folder: Path, names: tuple[str, ...] = FILES[:2]) -> dict[str, Carved]:
    """All records that can be read in the bytes of a journal's files."""
    return {found.hash: found for name in names for found in carve(folder / name, "t-1", None)}


def _without(some: dict[str, Carved], others: dict[str, Carved]) -> dict[str, Carved]:
    return {key: some[key] for key in some.keys() - others.keys()}


def _faults(records: dict[str, Carved]) -> int:
    return sum(isinstance(each.record.body, Fault) for each in records.values())


class Vandal:
    """Presses, and overwrites the files between the presses.

    Attributes:
        printed: hashes of the records of printed presses.
        destroyed: records that were in the very bytes that were overwritten, and nowhere else.
        outlived: records of which the file's own bytes were overwritten, while an older copy stood
            in the log until that was written over.
    """

    def __init__(self, terminal: Simulated, random: Random) -> None:
        self.terminal, self.random = terminal, random
        self.printed: set[str] = set()
        self.destroyed: dict[str, Carved] = {}
        self.outlived: dict[str, Carved] = {}
        self.counts: Counter[str] = Counter()

    @property
    def live(self) -> Path:
        return self.terminal.data / "journal"

    def press(self) -> None:
        """Press until a press is taken; a terminal that died is started again, once."""
        for _ in range(TRIES):
            if not self.terminal.running:
                self.counts["restarts"] += 1
                self.terminal.start()
                assert self.terminal.state(), (
                    f"a crash loop\n{self.terminal.log.read_text()[-2000:]}"
                )
            if self.terminal.press(self.random.choice(CHOICES)):
                self.find_the_record_of(self.terminal.printed[-1]["seq"])
                return
            self.counts["not taken"] += 1
        raise AssertionError(f"out of service for good\n{self.terminal.log.read_text()[-2000:]}")

    def said(self) -> str:
        return self.terminal.log.read_text()[-2000:]

    def find_the_record_of(self, seq: int) -> None:
        found = [
            each.hash
            for each in readable(self.live).values()
            if each.record.stamp.seq == seq
            and isinstance(each.record.body, Rating)
            and each.hash not in self.printed
        ]
        assert found, f"a press was printed, and its record {seq} is nowhere"
        self.printed.add(found[0])

    def overwrite(self) -> None:
        name = self.random.choice(FILES)
        path = self.live / name
        before, in_file = readable(self.live), readable(self.live, FILES[:1])
        length = self.random.choice((1, 40, 4096))
        with path.open("r+b") as file:
            size = file.seek(0, 2)
            at = self.random.randrange(max(1, size))
            file.seek(at)
            file.write(noise(min(length, max(1, size - at)), self.random.randrange(100)))
        self.counts[name] += 1
        self.destroyed |= _without(before, readable(self.live))
        self.outlived |= _without(in_file, readable(self.live, FILES[:1]))


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Simulated]:
    terminal = Simulated(tmp_path, tmp_path / "data")
    yield terminal
    terminal.close()


def test_no_printed_press_is_lost_and_every_damage_shows(
    terminal: Simulated,
    repeats: Callable[[int, int], int],
    figure: Callable[[str], None],
) -> None:
    n = repeats(20, 1000)
    vandal = Vandal(terminal, Random(20261126))
    terminal.start()
    for _ in range(10):
        vandal.press()
    for _ in range(n):
        vandal.overwrite()
        vandal.press()
    aside = kept(terminal.data)
    held = readable(vandal.live)
    everywhere = {**held}
    for folder in aside:
        everywhere |= readable(folder)
    gone = _without(vandal.destroyed | vandal.outlived, everywhere)
    lost = vandal.printed - gone.keys() - everywhere.keys()
    assert not lost, f"{len(lost)} printed presses are neither held nor readable"
    faults = _faults(everywhere)
    assert faults + _faults(gone) >= len(aside)
    begun = sum(each.record.stamp.seq == 1 for each in everywhere.values())
    outlived = _without(_without(vandal.outlived, vandal.destroyed), everywhere)
    figure(
        f"{n} overwritten places ({dict(vandal.counts)}): {len(vandal.printed)} presses printed, "
        f"{len(vandal.printed & held.keys())} held, {len(vandal.printed & gone.keys())} in "
        f"the overwritten bytes themselves (of {len(vandal.printed & outlived.keys())} the log had "
        f"a copy for a while), 0 lost; {len(aside)} files put aside, {begun} chains, "
        f"{faults} faults recorded"
    )
