"""Room on the disk."""

import shutil
from pathlib import Path

from provisioning.finding import Finding, good, wrong

CHECK = "disk"
LEAST = 1 << 30
"""Bytes: some weeks of records of a district, and of room for a backup's own work."""


def look(folder: Path) -> Finding:
    """Look at the disk that a folder lies on."""
    free = shutil.disk_usage(folder).free
    said = f"{free / 2**30:.1f} GiB are free under {folder}"
    if free < LEAST:
        return wrong(CHECK, said, "make room; records are no longer taken when there is none")
    return good(CHECK, said)
