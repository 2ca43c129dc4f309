"""The colours of the screen (terminal.md, Screen); white on each of the three meets AA."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wire.records import Choice

WHITE = "#ffffff"
INK = "#101820"
GREY = "#48555f"
# Neither of the three choices: what thanks must not hint at one.
SLATE = "#22313f"
MIST = "#c9d4dc"
NIGHT = "#05080a"
NIGHT_TEXT = "#7d8a93"
NIGHT_FAINT = "#56626a"

CHOICE_COLOURS: dict[Choice, str] = {
    "very_satisfied": "#006847",
    "satisfied": "#005499",
    "unsatisfied": "#a83200",
}
