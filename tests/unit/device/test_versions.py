"""What runs here."""

from pathlib import Path

import pytest

from device import versions as module
from device.versions import built_ms, versions


def test_an_image_says_its_version_and_when_it_was_built(tmp_path: Path) -> None:
    file = tmp_path / "hailong-image"
    file.write_text("2026.11-3\n" + "x" * 100)
    assert versions(file).image.startswith("2026.11-3")
    assert len(versions(file).image) == 40
    assert built_ms(file) == int(file.stat().st_mtime * 1000)


def test_without_an_image_there_is_none(tmp_path: Path) -> None:
    assert versions(tmp_path / "none").image == "none"
    assert built_ms(tmp_path / "none") == 0


def test_a_checkout_that_was_not_installed_has_no_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_name: str) -> str:
        raise module.PackageNotFoundError

    monkeypatch.setattr(module, "version", refuse)
    assert versions().firmware == "unknown"
