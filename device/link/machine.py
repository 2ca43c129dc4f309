"""Figures of the machine for the health report; what a machine doesn't have is left out."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

_TEMPERATURE = Path("/sys/class/thermal/thermal_zone0/temp")
_MEMORY = Path("/proc/meminfo")


def figures(data: Path) -> dict[str, Any]:
    """Return room on the disk of ``data`` and free memory in MiB, and the CPU's degrees Celsius."""
    found: dict[str, Any] = {}
    with suppress(OSError):
        found["disk_free_mib"] = shutil.disk_usage(data).free >> 20
    with suppress(OSError, ValueError, IndexError):
        line = next(x for x in _MEMORY.read_text().splitlines() if x.startswith("MemAvailable"))
        found["memory_free_mib"] = int(line.split()[1]) >> 10
    with suppress(OSError, ValueError):
        found["cpu_celsius"] = round(int(_TEMPERATURE.read_text()) / 1000, 1)
    return found
