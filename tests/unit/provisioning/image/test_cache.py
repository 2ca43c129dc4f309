"""What is kept between images: never half of anything, and one build at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from provisioning.errors import ProvisioningError
from provisioning.image import base, cache
from tests.fakes.wait import eventually


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAILONG_CACHE", str(tmp_path))


@contextmanager
def _quiet(_step: str) -> Iterator[None]:
    yield


def test_what_a_killed_build_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    left = tmp_path / "image/building/root"
    left.mkdir(parents=True)
    kept = tmp_path / "image/base-1.tar"
    kept.touch()
    with cache.alone(_quiet) as work:
        assert list(work.iterdir()) == []
    assert sorted(path.name for path in kept.parent.iterdir()) == ["base-1.tar", "lock"]


def test_what_cannot_be_cleared_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_folder: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    (cache.kept() / "building").mkdir(parents=True)
    monkeypatch.setattr(cache.shutil, "rmtree", refuse)
    with pytest.raises(ProvisioningError, match="remove it by hand"), cache.alone(_quiet):
        raise AssertionError


def test_a_base_whose_making_breaks_off_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(*words: str | Path, **_more: object) -> bytes:
        if words[0] == "mmdebstrap":
            next(word for word in words if isinstance(word, Path)).write_bytes(b"half")
            raise ProvisioningError("mmdebstrap failed")
        return b"Debian trixie http://a\nDebian trixie-security http://s\n"

    monkeypatch.setattr(base, "call", break_off)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(base, "_BINFMT", Path("/"))
    with pytest.raises(ProvisioningError), cache.alone(_quiet) as work:
        base.make(base.path(), work, base.Mirrors())
    assert not base.path().exists()
    assert [path.name for path in cache.kept().iterdir()] == ["lock"]


def test_a_second_build_waits_and_says_so() -> None:
    said: list[str] = []

    @contextmanager
    def step(what: str) -> Iterator[None]:
        said.append(what)
        yield

    def second() -> None:
        with cache.alone(step) as work:
            said.append(work.name)

    other = threading.Thread(target=second)
    with cache.alone(_quiet):
        other.start()
        eventually(lambda: said)
        assert said == ["Waiting for another build"]
    other.join()
    assert said == ["Waiting for another build", "building"]
