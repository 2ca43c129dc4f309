"""Which software and which SD image run here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

IMAGE_FILE = Path("/etc/hailong-image")
"""Holds the version of the SD image, written when it was built."""

_MAX_CHARS = 40


@dataclass(frozen=True, slots=True)
class Versions:
    """Version of this software, and of the SD image; ``none`` without an image."""

    firmware: str
    image: str


def versions(image_file: Path = IMAGE_FILE) -> Versions:
    """Return what runs here."""
    try:
        firmware = version("hailong")
    except PackageNotFoundError:
        firmware = "unknown"
    try:
        with image_file.open(encoding="utf-8", errors="replace") as file:
            image = file.read(_MAX_CHARS).strip()
    except OSError:
        image = ""
    return Versions(firmware, image or "none")


def built_ms(image_file: Path = IMAGE_FILE) -> int:
    """Return when the image was built, Unix milliseconds; 0 without an image."""
    try:
        return int(image_file.stat().st_mtime * 1000)
    except OSError:
        return 0
