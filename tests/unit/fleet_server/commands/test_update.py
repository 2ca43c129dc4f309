"""``hailong-fleet update add, list, remove``, with bundles that RAUC made."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from fleet_server.cli import main
from fleet_server.settings import Settings
from provisioning.layout import FleetLayout
from provisioning.pki import authority
from tests.fakes.fleets import new_fleet
from tests.fakes.rauc import bundle


@pytest.fixture(scope="module")
def fleet(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return new_fleet(tmp_path_factory.mktemp("update") / "fleet")


def update(fleet: Settings, *words: object) -> int:
    return main(["update", *map(str, words), "--config", str(fleet.path)])


@pytest.mark.parametrize("form", ["plain", "verity"])
def test_a_signed_bundle_is_taken_in_listed_and_removed(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    path = bundle(tmp_path / "image.raucb", fleet.layout, "1.4.0", form=form)
    assert update(fleet, "add", path) == 0
    version, size, sha256 = capsys.readouterr().out.split()[-3:]
    assert (version, int(size)) == ("1.4.0", path.stat().st_size)
    kept = fleet.layout.updates / sha256
    assert kept.read_bytes() == path.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o640
    assert update(fleet, "list") == 0
    assert capsys.readouterr().out == f"1.4.0\t{size}\t{sha256}\n"
    assert update(fleet, "remove", "1.4.0") == 0
    assert not kept.exists()
    assert update(fleet, "remove", "1.4.0") == 1
    assert "there is no bundle 1.4.0" in capsys.readouterr().err


def refused(fleet: Settings, path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one sentence with which a file is refused."""
    assert update(fleet, "add", path) == 1
    said = capsys.readouterr().err
    assert said.startswith("hailong-fleet: ")
    assert len(said.splitlines()) == 1
    left = list(fleet.layout.updates.iterdir()) if fleet.layout.updates.exists() else []
    assert left == []
    return said


def test_a_bundle_of_another_fleet_is_refused(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = FleetLayout(tmp_path / "stranger")
    authority.create(stranger, "Stranger", datetime.now(UTC))
    path = bundle(tmp_path / "image.raucb", stranger, "1.4.0")
    assert "signature verification failed" in refused(fleet, path, capsys)


@pytest.mark.parametrize(
    ("version", "compatible", "said"),
    [
        ("1.4.0", "toaster", "the bundle is for 'toaster', not for hailong-terminal"),
        ("latest", "hailong-terminal", "must be one such as 1.4.0"),
    ],
)
def test_what_no_terminal_could_install_is_refused(
    fleet: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    version: str,
    compatible: str,
    said: str,
) -> None:
    path = bundle(tmp_path / "image.raucb", fleet.layout, version, compatible)
    assert said in refused(fleet, path, capsys)


@pytest.mark.parametrize("content", [b"", b"no bundle", None])
def test_what_is_no_bundle_is_refused(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    path = tmp_path / "image.raucb"
    if content is not None:
        path.write_bytes(content)
    assert refused(fleet, path, capsys)


def test_a_truncated_bundle_is_refused(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = bundle(tmp_path / "image.raucb", fleet.layout, "1.4.0")
    path.write_bytes(path.read_bytes()[:-100])
    assert "rauc refuses the bundle" in refused(fleet, path, capsys)


def test_two_contents_of_one_version_are_refused(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert update(fleet, "add", bundle(tmp_path / "a.raucb", fleet.layout, "2.0.0")) == 0
    (tmp_path / "other").mkdir()
    other = bundle(tmp_path / "other" / "b.raucb", fleet.layout, "2.0.0", form="verity")
    assert update(fleet, "add", other) == 1
    assert "is there already with other content" in capsys.readouterr().err
    assert len(list(fleet.layout.updates.iterdir())) == 1, "the refused file is gone again"
    assert update(fleet, "remove", "2.0.0") == 0
