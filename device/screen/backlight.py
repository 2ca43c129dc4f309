"""The light behind the panel, where Linux can turn it (``/sys/class/backlight``).

A dark picture on a bright light still glows at night; a light that is turned down does not, and
needs less power. Where there is no such light, the painter darkens the picture instead.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path

_log = logging.getLogger(__name__)
_FOLDER = Path("/sys/class/backlight")


@dataclass(slots=True)
class Backlight:
    """One light, from 1 to ``most`` in the panel's own steps."""

    file: Path
    most: int
    _set_to: int | None = None

    def turn_to(self, per_cent: int) -> bool:
        """Turn the light to a share of its most; never wholly off.

        Returns:
            False when it can no longer be turned.
        """
        wanted = max(1, round(self.most * min(100, per_cent) / 100))
        if wanted == self._set_to:
            return True
        try:
            self.file.write_text(str(wanted), encoding="ascii")
        except OSError as error:
            _log.warning("the backlight cannot be turned: %s", error)
            return False
        self._set_to = wanted
        return True


def find_backlight(folder: Path = _FOLDER) -> Backlight | None:
    """Return the first light that this process may turn, or None."""
    for light in sorted(folder.glob("*/brightness")):
        most = _number(light.with_name("max_brightness"))
        if most > 0 and os.access(light, os.W_OK):
            return Backlight(light, most)
    return None


def _number(file: Path) -> int:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
