"""The root: the same files give the same bytes, whoever gives their date."""

import os
from pathlib import Path

import pytest

from provisioning.image import root

EPOCH = 1_764_000_000


def squashed(tree: Path, target: Path) -> bytes:
    root.squash(tree, target, EPOCH)
    return target.read_bytes()


def test_a_root_is_packed_into_the_same_bytes_each_time_also_where_the_date_is_ordered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "file").write_text("of the system")
    once = squashed(tree, tmp_path / "one")
    os.utime(tree / "file", (1, 1))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH))
    assert squashed(tree, tmp_path / "two") == once
