"""The light behind the panel (device/screen/backlight.py), in a folder as Linux shows it."""

import logging
from pathlib import Path

import pytest

from device.screen.backlight import Backlight, find_backlight


def light(folder: Path, most: str = "255\n") -> Path:
    (folder / "rpi_backlight").mkdir()
    (folder / "rpi_backlight" / "max_brightness").write_text(most)
    (folder / "rpi_backlight" / "brightness").write_text("255\n")
    return folder / "rpi_backlight" / "brightness"


def found(folder: Path) -> Backlight:
    there = find_backlight(folder)
    assert there is not None
    return there


@pytest.mark.parametrize(
    ("per_cent", "written"), [(100, "255"), (50, "128"), (1, "3"), (0, "1"), (400, "255")]
)
def test_a_light_is_turned_to_its_share_and_never_off(
    tmp_path: Path, per_cent: int, written: str
) -> None:
    file = light(tmp_path)
    assert found(tmp_path).turn_to(per_cent)
    assert file.read_text() == written


def test_the_same_share_is_not_written_again(tmp_path: Path) -> None:
    file = light(tmp_path)
    backlight = found(tmp_path)
    backlight.turn_to(50)
    file.write_text("untouched")
    assert backlight.turn_to(50)
    assert file.read_text() == "untouched"


@pytest.mark.parametrize("most", ["", "many", "0", "-3"])
def test_a_light_that_does_not_say_its_most_is_none(tmp_path: Path, most: str) -> None:
    light(tmp_path, most)
    assert find_backlight(tmp_path) is None


def test_where_there_is_no_light_there_is_none(tmp_path: Path) -> None:
    assert find_backlight(tmp_path) is None
    assert find_backlight(tmp_path / "missing") is None


def test_a_light_that_may_not_be_turned_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    light(tmp_path)
    monkeypatch.setattr("os.access", lambda _file, _mode: False)
    assert find_backlight(tmp_path) is None


def test_a_light_that_is_gone_is_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = light(tmp_path)
    backlight = found(tmp_path)
    file.unlink()
    file.mkdir()
    with caplog.at_level(logging.WARNING):
        assert not backlight.turn_to(50)
    assert len(caplog.records) == 1
