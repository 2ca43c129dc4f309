"""What the uplink says of itself, and when it is believed."""

import fcntl
from pathlib import Path

import pytest

from device.link.standing import LOCK, Standing, is_connected, tell, told


def test_what_was_told_last_is_read(tmp_path: Path) -> None:
    tell(tmp_path, Standing(stage="unknown_name"))
    assert told(tmp_path) == Standing(stage="unknown_name")
    tell(tmp_path, Standing(connected=True))
    assert told(tmp_path) == Standing(connected=True)


def test_the_same_is_not_written_twice(tmp_path: Path) -> None:
    tell(tmp_path, Standing(connected=True))
    written = (tmp_path / "uplink.json").stat().st_ino
    tell(tmp_path, Standing(connected=True))
    assert (tmp_path / "uplink.json").stat().st_ino == written


@pytest.mark.parametrize(
    "content", ["", "[]", '{"stage": "busy"}', '{"connected": 1, "stage": []}']
)
def test_a_word_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "uplink.json").write_text(content)
    assert told(tmp_path) == Standing()


def test_a_connection_counts_while_the_uplink_runs(tmp_path: Path) -> None:
    tell(tmp_path, Standing(connected=True))
    assert is_connected(tmp_path) is None
    with (tmp_path / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert is_connected(tmp_path) is True
        tell(tmp_path, Standing())
        assert is_connected(tmp_path) is False
    assert is_connected(tmp_path) is None
