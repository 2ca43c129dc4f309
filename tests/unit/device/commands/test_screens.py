"""``hailong-terminal screens`` (device/commands/screens.py): every screen as a file."""

from pathlib import Path

import pygame
import pytest

from device.cli import main
from device.commands import screens
from device.screen.examples import examples

CONFIG = """
[terminal]
id = "q1-quay-3"
counter = "Q1-03"
counter_name = "Quầy 3"
[screen]
width_px = 320
height_px = 240
diagonal_in = 10.0
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "terminal.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def test_every_screen_of_a_terminal_is_a_file_that_says_which(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["screens", "--out", str(out), "--config", str(config)]) == 0
    ways = sorted(str(path.relative_to(out)) for path in out.glob("*/*"))
    assert ways == [
        f"{languages}/{letters}-letters-{contrast}-contrast"
        for languages in ("en-vi", "vi-en")
        for letters in ("large", "normal")
        for contrast in ("high", "normal")
    ]
    for way in ways:
        assert {path.stem for path in (out / way).iterdir()} == set(examples())
    said = capsys.readouterr().out.splitlines()
    assert len(said) == len(ways)
    assert said[-1].startswith(f"{len(ways) * len(examples())} of")


def test_what_is_drawn_is_what_the_panel_shows(tmp_path: Path, config: Path) -> None:
    out = tmp_path / "out"
    main(["screens", "--out", str(out), "--config", str(config)])
    picture = pygame.image.load(out / "vi-en" / "normal-letters-normal-contrast" / "rate.png")
    assert picture.get_size() == (320, 240)


def test_without_a_configuration_every_panel_is_drawn_lying_and_upright() -> None:
    names = {name for name, _, _ in screens._every_way()}
    assert len(names) == 4 * 2 * 2 * 2 * 2
    assert "7in-800x480-portrait/en-vi/large-letters-high-contrast" in names


def test_the_sheet_holds_all_kinds_and_is_no_larger_than_a_page_may_be(tmp_path: Path) -> None:
    from device.screen.sheet import SHOTS

    assert main(["screens", "--sheet", str(tmp_path / "sheet.png")]) == 0
    assert (tmp_path / "sheet.png").stat().st_size < 600_000
    shown = {shot.screen for shots in SHOTS.values() for shot in shots}
    assert shown == set(examples())


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "say where to"),
        (["--sheet", "/proc/nowhere/sheet.png"], "cannot be written"),
        (["--out", "/proc/nowhere"], "cannot be written"),
    ],
)
def test_a_place_that_cannot_be_written_is_one_clear_error(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["screens", *words]) != 0
    said = capsys.readouterr().err
    assert complaint in said
    assert "Traceback" not in said
