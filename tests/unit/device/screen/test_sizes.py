"""How large letters look to the eye: computed, and as the folder's README says."""

from pathlib import Path

import pytest

import device.screen
from tests.unit.device.screen.conftest import PANEL_BY_NAME, seen

STANDARD = 0.7  # degrees, EN 301 549 5.1.4
NORMAL = "vi-en normal letters normal contrast"
LARGE = "vi-en large letters normal contrast"
LYING_AND_NOT_SMALL = [each for each in PANEL_BY_NAME if each.endswith("landscape")][1:]
README = Path(device.screen.__file__).with_name("README.md")
PARTS = {
    "question": ("rate", None),
    "choices": ("rate", "choice"),
    "thanks": ("thanks", None),
    "reasons": ("reasons", "item"),
    "keys": ("reasons", "key"),
}


def degrees(panel: str, look: str, part: str) -> float:
    """Return how high the capitals of a part's main text look."""
    screen, kind = PARTS[part]
    sizes = [
        lettered.size
        for lettered, of in seen(panel, look)[screen].said
        if lettered.line.main and (of.kind if of else None) == kind
    ]
    return PANEL_BY_NAME[panel].degrees(min(sizes))


def least(panel: str, look: str) -> float:
    """Return how high the smallest letters of all screens look."""
    sizes = [each.size for one in seen(panel, look).values() for each, _ in one.said]
    return PANEL_BY_NAME[panel].degrees(min(sizes))


def table() -> str:
    """Return the README's table."""
    rows = [f"| panel | {' | '.join(PARTS)} | smallest |", f"| --- |{' ---: |' * (len(PARTS) + 1)}"]
    for panel in PANEL_BY_NAME:
        figures = [
            f"{degrees(panel, NORMAL, part):.2f} / {degrees(panel, LARGE, part):.2f}"
            for part in PARTS
        ]
        figures.append(f"{least(panel, NORMAL):.2f} / {least(panel, LARGE):.2f}")
        rows.append(f"| {panel} | {' | '.join(figures)} |")
    return "\n".join(rows)


def test_the_table_of_the_readme_is_what_is_drawn() -> None:
    wanted = table()
    assert wanted in README.read_text(encoding="utf-8"), f"the table should be:\n{wanted}"


@pytest.mark.parametrize("part", ["question", "choices", "thanks"])
@pytest.mark.parametrize("panel", LYING_AND_NOT_SMALL)
def test_where_there_is_room_main_texts_have_the_height_of_the_standard(
    panel: str, part: str
) -> None:
    assert degrees(panel, NORMAL, part) >= STANDARD


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("panel", list(PANEL_BY_NAME))
def test_large_letters_are_never_smaller_than_the_usual_ones(panel: str, part: str) -> None:
    assert degrees(panel, LARGE, part) >= 0.9 * degrees(panel, NORMAL, part)


@pytest.mark.parametrize("panel", ["7in-800x480 landscape", "10in-1280x800 landscape"])
def test_large_letters_are_larger_where_there_is_room(panel: str) -> None:
    assert degrees(panel, LARGE, "choices") >= 1.1 * degrees(panel, NORMAL, "choices")
