"""Folders that are nobody else's business."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from wire.files import private_folder


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """What people have who start a terminal by hand."""
    before = os.umask(0o022)
    yield
    os.umask(before)


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
