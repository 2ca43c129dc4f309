"""A real terminal process on full and read-only disks: never a thank-you without a record."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes.mounts import card, may_mount, memory_disk
from tests.fakes.simulated import TERMINAL, Simulated
from tests.fakes.wait import eventually
from wire.records import Boot

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture(scope="module")
def _mounting() -> None:
    if not may_mount():
        pytest.skip("only root may mount a disk; here the test with limited files must do")


def simulated(stack: ExitStack, folder: Path, data: Path) -> Simulated:
    terminal = Simulated(folder, data)
    stack.callback(terminal.close)
    return terminal


def press_until_it_is_full(terminal: Simulated, longest: int = 400) -> int:
    for count in range(longest):
        if not terminal.press():
            return count
    raise AssertionError("it never was full")


@pytest.mark.usefixtures("_mounting")
def test_ratings_go_on_until_the_last_mebibyte_and_again_when_there_is_room(
    tmp_path: Path, stack: ExitStack, figure: Callable[[str], None]
) -> None:
    disk = stack.enter_context(memory_disk(tmp_path / "disk"))
    terminal = simulated(stack, tmp_path, disk.path / "data").start()
    assert terminal.press()
    disk.fill()
    count = press_until_it_is_full(terminal)
    left = disk.free_kib
    figure(f"full disk: {count} more ratings until {left} KiB were left, then out of service")
    assert count > 3
    assert 900 < left <= 1024
    assert terminal.state()["out_of_service"]
    disk.fill(leave_kib=0)
    assert not any(terminal.press() for _ in range(3))
    assert terminal.running
    assert terminal.ratings() == len(terminal.printed)

    disk.make_room()
    eventually(lambda: terminal.press() or None, 30, "ratings again")
    assert not terminal.state()["out_of_service"]
    assert terminal.ratings() == len(terminal.printed)
    assert any(f.what == "disk" and "full: " in str(f.details) for f in terminal.faults())


def test_files_that_may_not_grow_are_a_full_disk_as_well(
    tmp_path: Path, stack: ExitStack, figure: Callable[[str], None]
) -> None:
    terminal = simulated(stack, tmp_path, tmp_path / "data")
    terminal.start(file_limit=120 * 1024)
    count = press_until_it_is_full(terminal)
    figure(f"files limited to 120 KiB: {count} ratings, then out of service")
    assert terminal.state()["out_of_service"]
    assert not any(terminal.press() for _ in range(3))
    assert terminal.ratings() == len(terminal.printed) == count
    terminal.lift()
    eventually(lambda: terminal.press() or None, 30, "ratings again")
    assert terminal.ratings() == len(terminal.printed)
    assert any(fault.what == "disk" for fault in terminal.faults())


@pytest.mark.usefixtures("_mounting")
def test_a_card_that_turns_read_only_is_out_of_service_and_thanks_nobody(
    tmp_path: Path, stack: ExitStack
) -> None:
    disk = stack.enter_context(card(tmp_path / "card", tmp_path / "image"))
    terminal = simulated(stack, tmp_path, disk.path / "data").start()
    assert terminal.press()
    disk.remount("abort")
    assert not any(terminal.press() for _ in range(3))
    assert terminal.state()["out_of_service"]
    assert terminal.running
    assert "read-only" in terminal.log.read_text()
    assert terminal.ratings() == len(terminal.printed) == 1


@pytest.mark.usefixtures("_mounting")
def test_a_terminal_that_starts_on_a_read_only_disk_says_so_and_comes_up_when_it_is_writable(
    tmp_path: Path, stack: ExitStack
) -> None:
    disk = stack.enter_context(memory_disk(tmp_path / "disk"))
    terminal = simulated(stack, tmp_path, disk.path / "data").start()
    assert terminal.press()
    terminal.close()
    disk.remount("ro")
    terminal.config.write_text(terminal.config.read_text() + "[buttons]\nfitted = false\n")
    words = [TERMINAL, "run", "--no-window", "--config", str(terminal.config)]
    with terminal.log.open("a") as log:
        real = subprocess.Popen(words, stderr=log)
    try:
        said = terminal.log.read_text
        eventually(lambda: "cannot be opened (read_only)" in said(), 30, "the right trouble")
        assert real.poll() is None
        disk.remount("rw")
        eventually(lambda: "disk" in [f.what for f in terminal.faults()], 30, "the start")
        real.terminate()
        assert real.wait(20) == 0
    finally:
        real.kill()
        real.wait()
    boots = [record for record in terminal.records() if isinstance(record.body, Boot)]
    assert len(boots) == 2
    assert any("read_only: " in str(fault.details) for fault in terminal.faults())
