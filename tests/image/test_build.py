"""Two builds of the same source on the same base: the same bytes, whenever they are made."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from provisioning.image import base, build, manifest

pytestmark = [pytest.mark.image, pytest.mark.timeout(3600)]


@contextmanager
def _quiet(_step: str) -> Iterator[None]:
    yield


def test_the_same_source_and_base_give_the_same_card_root_and_papers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764000000")
    for name in ("one", "two"):
        build.build(build.Order(tmp_path / name, base.Mirrors()), _quiet)
    assert (tmp_path / "one" / manifest.NAME).read_bytes() == (
        tmp_path / "two" / manifest.NAME
    ).read_bytes()
