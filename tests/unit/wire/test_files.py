"""Files that are replaced whole or not at all."""

import stat
from pathlib import Path

import pytest

from wire.files import write_atomic


def test_a_file_is_replaced_and_has_its_mode_from_the_first(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("old")
    write_atomic(path, b"new", 0o600)
    assert path.read_text() == "new"
    assert [left.name for left in tmp_path.iterdir()] == ["key"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["a-folder", "nowhere/file"])
def test_what_can_not_be_written_is_named_and_nothing_is_left(tmp_path: Path, name: str) -> None:
    (tmp_path / "a-folder").mkdir()
    path = tmp_path / name
    with pytest.raises(OSError, match=f"{name}'$") as refused:
        write_atomic(path, b"x")
    assert refused.value.filename == str(path)
    assert [one.name for one in tmp_path.iterdir()] == ["a-folder"]
