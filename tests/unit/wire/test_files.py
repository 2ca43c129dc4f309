"""Files that are replaced whole or not at all, and folders that are nobody else's business."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from wire.files import private_folder, write_atomic


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """What people have who start a terminal by hand."""
    before = os.umask(0o022)
    yield
    os.umask(before)


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


def test_what_is_made_is_for_its_owner_alone_and_what_was_there_stays(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    private_folder(shared / "data" / "identity")
    private_folder(shared)
    modes = [path.stat().st_mode & 0o777 for path in (shared, *sorted(shared.rglob("*")))]
    assert modes == [0o755, 0o700, 0o700]


def test_a_file_in_its_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(OSError, match="exists"):
        private_folder(tmp_path / "data")
