"""What was read of link.db is kept until the next commit (device/inbox/kept.py)."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from device.inbox import files
from device.inbox.files import FILE
from device.inbox.kept import Kept
from device.inbox.reader import Inbox
from device.network.receipts import sent_of
from tests.fakes.uplinks import FakeUplink
from wire import keys


@pytest.fixture
def uplink(tmp_path: Path) -> Iterator[FakeUplink]:
    made = FakeUplink(tmp_path, "t-1")
    yield made
    made.close()


class Asked:
    """Something to be read, which counts how often it was."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_what_was_read_is_not_read_again_before_a_commit(uplink: FakeUplink) -> None:
    kept, asked = Kept(uplink.data), Asked()
    assert [kept.get("a", asked) for _ in range(3)] == [1, 1, 1]
    assert kept.get("b", asked) == 2
    uplink.say()
    assert [kept.get("a", asked), kept.get("b", asked)] == [3, 4]


def test_every_commit_is_seen_however_quickly_they_follow(uplink: FakeUplink) -> None:
    inbox = Inbox(uplink.data, "t-1", keys.x_of(uplink.fleet_key))
    for number in range(300):
        said = uplink.say(visit=f"v{number}")
        for _ in range(2):
            found = inbox.ticket(0)
            assert found is not None
            assert found.visit == said.visit


def test_a_commit_while_it_is_read_is_seen_the_next_time(uplink: FakeUplink) -> None:
    kept, asked = Kept(uplink.data), Asked()

    def read_slowly() -> int:
        uplink.say()
        return asked()

    assert kept.get("a", read_slowly) == 1
    assert kept.get("a", asked) == 2


def test_an_error_is_not_kept(uplink: FakeUplink) -> None:
    kept, asked = Kept(uplink.data), Asked()

    def refuse() -> int:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - the very one that was raised
        kept.get("a", refuse)
    assert kept.get("a", asked) == 1


def test_without_a_file_or_with_a_broken_one_nothing_is_kept(tmp_path: Path) -> None:
    kept, asked = Kept(tmp_path), Asked()
    assert [kept.get("a", asked) for _ in range(2)] == [1, 2]
    (tmp_path / FILE).write_bytes(b"not a database" * 100)
    assert [kept.get("a", asked) for _ in range(2)] == [3, 4]


def test_the_first_commit_of_the_next_writer_is_seen(uplink: FakeUplink) -> None:
    kept, asked = Kept(uplink.data), Asked()
    kept.get("a", asked)
    uplink.close()
    with closing(files.open_writer(uplink.data)) as writer:
        asked_before = kept.get("a", asked)
        writer.execute("PRAGMA application_id = 1")
        assert kept.get("a", asked) == asked_before + 1


def test_a_file_that_takes_the_place_of_another_is_read(tmp_path: Path) -> None:
    first = FakeUplink(tmp_path, "t-1")
    kept, asked = Kept(tmp_path), Asked()
    kept.get("a", asked)
    first.close()
    for file in tmp_path.glob("link.db*"):
        file.unlink()
    second = FakeUplink(tmp_path, "t-1")
    try:
        assert kept.get("a", asked) == 2
    finally:
        second.close()


_MARK = 128
"""Byte of the index that each connection has locked; who finds it free begins a new index."""


def test_reading_takes_no_lock_from_the_process_that_has_the_file_open(
    uplink: FakeUplink,
) -> None:
    """Without it the next process that opens the file cuts the index short: a bus error here."""
    kept = Kept(uplink.data)
    for _ in range(2):
        kept.get("a", Asked())
        sent_of(uplink.data, "t-1", keys.x_of(uplink.fleet_key), 0)
        uplink.say()
    lock = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+b'), fcntl.LOCK_EX | fcntl.LOCK_NB"
    words = [sys.executable, "-c", f"{lock}, 1, {_MARK})", f"{uplink.data / FILE}-shm"]
    tried = subprocess.run(words, check=False, capture_output=True, text=True)
    assert "BlockingIOError" in tried.stderr
