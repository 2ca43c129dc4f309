"""A running terminal looks after its journal beside the presses."""

import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from device.export.sticks import MARKER
from device.journal import anchors, pruner
from tests.fakes.journals import everything, journal, rating
from tests.fakes.simulated import Simulated
from tests.fakes.wait import eventually


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Simulated]:
    terminal = Simulated(tmp_path, tmp_path / "data")
    with terminal.config.open("a") as file:
        file.write(f'[export]\nfolder = "{tmp_path / "media"}"\n')
        file.write(f'code_sha256 = "{sha256(b"code").hexdigest()}"\n')
    yield terminal.start()
    terminal.close()


def test_the_journal_is_checked_once_a_day_while_nobody_is_there(terminal: Simulated) -> None:
    assert terminal.press()
    terminal.advance(120)
    said = terminal.log.read_text
    eventually(lambda: "was checked" in said(), 20, "the first check")
    terminal.advance(86_400)
    eventually(lambda: said().count("was checked") == 2, 20, "the next day's")
    assert said().count("all whole") == 2


def test_a_stick_gets_the_journal_while_presses_go_on(terminal: Simulated, tmp_path: Path) -> None:
    assert terminal.press()
    stick = tmp_path / "media" / "usb"
    stick.mkdir(parents=True)
    (stick / MARKER).write_text("code")
    assert terminal.press()
    [file] = eventually(lambda: list(stick.glob("*.records")), 20, "the export")
    assert terminal.press()
    tokens = [entry.token for entry in everything(terminal.data)]
    exported = file.read_bytes().splitlines()
    assert exported == tokens[: len(exported)]
    assert len(exported) >= 3


def test_a_press_waits_for_no_more_than_one_small_commit_of_the_pruner(
    tmp_path: Path, figure: Callable[[str], None]
) -> None:
    book = journal(tmp_path)
    presses = sorted(timed(lambda: book.append(rating())) for _ in range(600))
    entry = everything(tmp_path)[400]
    with book.file.changing() as db:
        anchors.set_anchor(db, anchors.Anchor(entry.chain, entry.seq, entry.hash, b"token"))

    def drop() -> None:
        with book.file.changing() as db:
            anchors.drop(db, pruner.AT_ONCE)

    drops = sorted(timed(drop) for _ in range(13))
    assert len(everything(tmp_path)) == 200
    press, drop = presses[len(presses) // 2], drops[len(drops) // 2]
    figure(
        f"median commit of a press {press:.1f} ms, of {pruner.AT_ONCE} deleted records "
        f"{drop:.1f} ms: {drop / press:.1f} times as long"
    )


def timed(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000
