"""Fonts and the measuring of letters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal

import pygame

from device.errors import DeviceError

Weight = Literal["Medium", "SemiBold", "Bold", "ExtraBold"]
MOST_LETTERS = 200
_HEAPED_MARKS = re.compile(r"([\u0300-\u036f]{2})[\u0300-\u036f]+")
_BETWEEN = " · "
_NO_BREAK = "\u00a0"
_NOTO = Path("/usr/share/fonts/truetype/noto")


@lru_cache(maxsize=128)
def font(weight: Weight, size: int) -> pygame.font.Font:
    """Return Be Vietnam Pro, else Debian's Noto Sans, at a size in pixels.

    Raises:
        DeviceError: Neither is installed.
    """
    pygame.font.init()
    try:
        source = files("fontpkg_be_vietnam_pro") / "files" / f"BeVietnamPro-{weight}.ttf"
        with as_file(source) as path:
            return pygame.font.Font(path, size)
    except (ModuleNotFoundError, FileNotFoundError):
        noto = _NOTO / ("NotoSans-Regular.ttf" if weight == "Medium" else "NotoSans-Bold.ttf")
        if not noto.is_file():
            raise DeviceError(
                "screen: no font with Vietnamese letters; install fontpkg-be-vietnam-pro "
                "or the package fonts-noto-core"
            ) from None
        return pygame.font.Font(noto, size)


def presentable(text: str) -> str:
    """Return a text as it can be drawn, whoever wrote it.

    Composed, since fonts place a letter better than its parts; without the characters that nobody
    sees, such as controls and marks that turn the direction of writing; without heaps of accents
    that climb over the line above; and of bounded length.
    """
    spaced = text[: 4 * MOST_LETTERS].replace("\n", " ").replace("\t", " ")
    seen = "".join(letter for letter in spaced if unicodedata.category(letter)[0] != "C")
    composed = unicodedata.normalize("NFC", seen)
    calm = _HEAPED_MARKS.sub(r"\1", composed)
    return calm if len(calm) <= MOST_LETTERS else f"{calm[:MOST_LETTERS]}…"


def wrap(text: str, weight: Weight, size: int, width: int) -> list[str] | None:
    """Break a text into as few lines as fit into ``width``, of similar length.

    Returns:
        The lines, or None when a single word is too wide.
    """
    lines = greedy(text, weight, size, width)
    if lines is None or len(lines) == 1:
        return lines
    parts = _part_by_part(text, weight, size, width)
    if len(parts) == len(lines):
        return parts
    low, high = width // len(lines), width
    while low < high:
        middle = (low + high) // 2
        tried = greedy(text, weight, size, middle)
        if tried is not None and len(tried) == len(lines):
            high = middle
        else:
            low = middle + 1
    return greedy(text, weight, size, high)


def _part_by_part(text: str, weight: Weight, size: int, width: int) -> list[str]:
    """Break ``Counter 3 · Jane Doe`` only where its parts meet; empty where that can't be."""
    if _BETWEEN not in text:
        return []
    whole = [part.replace(" ", _NO_BREAK) for part in text.split(_BETWEEN)]
    lines = greedy(f"{_NO_BREAK}· ".join(whole), weight, size, width) or []
    return [line.removesuffix(f"{_NO_BREAK}·") for line in lines]


def greedy(text: str, weight: Weight, size: int, width: int) -> list[str] | None:
    """Break a text at its spaces, each line as long as it can be; None as in `wrap`."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, weight, size) <= width:
            lines[-1] = longer
        elif width_of(word, weight, size) <= width:
            lines.append(word)
        else:
            return None
    return lines


def shorten(text: str, weight: Weight, size: int, width: int) -> str:
    """Cut a text that is too wide, and end it with an ellipsis."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = width_of(f"{text[:middle].rstrip()}…", weight, size) <= width
        low, high = (middle, high) if fits else (low, middle - 1)
    return f"{text[:low].rstrip()}…"


@lru_cache(maxsize=2048)
def width_of(text: str, weight: Weight, size: int) -> int:
    """Return how wide a text is on one line, in pixels."""
    return font(weight, size).size(plain(text))[0]


@lru_cache(maxsize=256)
def line_height(text: str, weight: Weight, size: int) -> int:
    """Return the height in pixels of each line of a text, however it is wrapped.

    Two accents on a capital stand above what the font calls its top.
    """
    used = font(weight, size)
    tops = [metrics[3] for metrics in used.metrics(plain(text)) if metrics]
    return used.get_linesize() + max(0, max(tops, default=0) - used.get_ascent())


def plain(text: str) -> str:
    """Return a text with the no-break spaces drawn as spaces."""
    return text.replace(_NO_BREAK, " ")
