"""A scanner as a ticket source (device/tickets/scanner), over a pipe in the place of a device.

A real keyboard through ``/dev/uinput`` is the image's test.
"""

import select
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.core.scanning import Memory
from device.core.told import Verdict, Word
from device.hardware.inputs import InputDevice
from device.settings import ScannerSettings, TerminalSettings
from device.tickets.scanner.source import MOST_WORDS, ScannerTickets
from tests.fakes.inputs import FakeDevice, FakeInputs
from tests.fakes.journals import StillClock
from tests.fakes.scanners import down, typed

DAY = "2026-11-22"
NEWS = Verdict("news")
DOSSIER = "H29.12-221014-0005"


class Scanner:
    """A scanner that tests plug in, pull out and scan with."""

    def __init__(self, folder: Path) -> None:
        self.clock = StillClock()
        inputs = FakeInputs(folder)
        self.device = inputs.add(FakeDevice(folder / "scanner-event-kbd"))
        self.tickets = ScannerTickets(
            InputDevice(str(self.device.path), inputs.ioctl),
            ScannerSettings(str(self.device.path)),
            TerminalSettings("t-1", "Q1", "Quầy 1", folder),
            self.clock,
            lambda: DAY,
            Memory(),
        )

    def plug(self) -> "Scanner":
        self.device.plug()
        return self.look()

    def pull(self) -> None:
        self.device.pull()

    def look(self) -> "Scanner":
        self.clock.advance(1_000)
        self.tickets.take()
        return self

    def type(self, data: bytes) -> None:
        for start in range(0, len(data), 4_096):  # as much as a pipe takes at once
            self.device.say(data[start : start + 4_096])
            while select.select([self.tickets], [], [], 0)[0]:
                self.tickets.drain()

    def scan(self, text: str, after_ms: int = 5_000) -> Word | None:
        self.clock.advance(after_ms)
        self.type(typed(text))
        return self.tickets.take()

    @property
    def figures(self) -> dict[str, object]:
        report: dict[str, object] = self.tickets.report()["scanner"]
        return report

    @property
    def plugged(self) -> bool:
        return self.tickets.report()["faults"] == []

    def close(self) -> None:
        self.tickets.close()
        self.device.pull()


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[Scanner]:
    scanner = Scanner(tmp_path)
    yield scanner
    scanner.close()


def test_a_scanned_number_is_called(scanner: Scanner) -> None:
    word = scanner.plug().scan("A017")
    assert word is not None
    assert (word.origin, word.ticket, word.event, word.counter, word.day, word.dossier) == (
        "scanner", "A017", "called", "Q1", DAY, None,
    )  # fmt: skip
    assert scanner.tickets.take() == word
    scanner.tickets.settle(NEWS)
    assert scanner.tickets.take() is None
    assert scanner.device.grabs == 1


def test_a_dossier_gets_a_running_number_and_is_carried_beside_it(scanner: Scanner) -> None:
    word = scanner.plug().scan(DOSSIER)
    assert word is not None
    assert (word.ticket, word.dossier) == ("S-001", DOSSIER)


def test_the_same_scan_again_is_a_recall(scanner: Scanner) -> None:
    first = scanner.plug().scan("A017")
    scanner.tickets.settle(NEWS)
    again = scanner.scan("A017")
    assert first is not None
    assert again is not None
    assert (again.event, again.visit) == ("recalled", first.visit)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (typed("HELLO"), "unknown"),
        (typed("A" * 1_000), "long"),
        (down(57) + typed("A1"), "keys"),
    ],
)
def test_what_cannot_be_a_number_is_counted_and_does_nothing(
    scanner: Scanner, data: bytes, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    scanner.plug().type(data)
    assert scanner.tickets.take() is None
    assert scanner.figures == {"scans": 0, f"refused_{why}": 1}
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        f"a scan is refused: {why}"
    ]


def test_events_that_arrive_in_pieces_are_put_together(scanner: Scanner) -> None:
    scanner.plug()
    for byte in typed("A1"):
        scanner.type(bytes([byte]))
    assert scanner.figures["scans"] == 1


def test_a_scanner_can_be_pulled_out_and_put_in_again(
    scanner: Scanner, caplog: pytest.LogCaptureFixture
) -> None:
    scanner.look().look()
    assert not scanner.plugged
    scanner.plug()
    assert scanner.plugged
    scanner.type(typed("A0", enter=False))
    scanner.pull()
    assert select.select([scanner.tickets], [], [], 1)[0]
    scanner.tickets.drain()
    scanner.tickets.drain()
    assert not scanner.plugged
    scanner.look()
    word = scanner.plug().scan("17")
    assert word is not None
    assert word.ticket == "17"
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == 2


def test_a_scanner_that_somebody_else_holds_is_tried_again(scanner: Scanner) -> None:
    scanner.device.busy = True
    scanner.plug()
    assert not scanner.plugged
    scanner.device.busy = False
    assert scanner.look().plugged


def test_only_an_input_device_can_be_a_scanner(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    device = InputDevice(str(tmp_path / "file"))
    fault = device.plug()
    device.close()
    assert fault == "Inappropriate ioctl for device"
    assert not device.plugged


def test_while_the_journal_takes_nothing_the_newest_scans_wait(scanner: Scanner) -> None:
    scanner.plug()
    for number in range(MOST_WORDS + 3):
        scanner.scan(f"A{number}")
    waiting = []
    while (word := scanner.tickets.take()) is not None:
        waiting.append(word.ticket)
        scanner.tickets.settle(NEWS)
    assert waiting == ["A0", *[f"A{number}" for number in range(4, MOST_WORDS + 3)]]


def test_nothing_is_left_open(tmp_path: Path) -> None:
    before = set(Path("/proc/self/fd").iterdir())
    scanner = Scanner(tmp_path).plug()
    scanner.close()
    assert set(Path("/proc/self/fd").iterdir()) == before
