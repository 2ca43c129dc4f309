"""Two builds of the same source on the same base: the same bytes, whenever they are made."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from provisioning.image import base, build, cache, manifest

pytestmark = [pytest.mark.image, pytest.mark.timeout(3600)]


@contextmanager
def _quiet(_step: str) -> Iterator[None]:
    yield


def test_the_same_source_and_base_give_the_same_card_root_and_papers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is made with nothing kept but the base: its packages are compiled anew."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764000000")
    build.build(build.Order(tmp_path / "one", base.Mirrors()), _quiet)
    made = base.path()
    monkeypatch.setenv("HAILONG_CACHE", str(tmp_path / "cache"))
    cache.kept().mkdir(parents=True)
    base.path().symlink_to(made)
    build.build(build.Order(tmp_path / "two", base.Mirrors()), _quiet)
    assert list(cache.kept().glob("packages-*.tar"))
    assert (tmp_path / "one" / manifest.NAME).read_bytes() == (
        tmp_path / "two" / manifest.NAME
    ).read_bytes()
