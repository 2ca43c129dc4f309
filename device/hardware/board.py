"""Which board this is: the serial number that its maker or its firmware gave it."""

from __future__ import annotations

import re
from pathlib import Path

KEPT = "run/hailong-site/board-serial"
"""What root read at the start of the machine, for where the terminal's own user may not read it."""

_CPUINFO = "proc/cpuinfo"
_SOURCES = (
    "sys/firmware/devicetree/base/serial-number",
    _CPUINFO,
    "sys/class/dmi/id/product_serial",
    "sys/firmware/qemu_fw_cfg/by_name/opt/org.hailong/board-serial/raw",
    KEPT,
)
_SERIAL_LINE = re.compile(r"^Serial\s*:\s*(\S+)\s*$", re.MULTILINE)
_LONGEST = 65536
_NO_SERIALS = re.compile(
    r"0*|none|unknown|n/?a|not (specified|applicable|available)|default string"
    r"|(system|chassis|base board) serial number|to be filled by o\.?e\.?m\.?",
    re.IGNORECASE,
)


def serial(root: Path = Path("/")) -> str | None:
    """Return the board's serial number; None where it has none or nobody may read it.

    What makers write where they have nothing to say ("To be filled by O.E.M.") is none.

    Args:
        root: Where ``/sys``, ``/proc`` and ``/run`` are.
    """
    for source in _SOURCES:
        said = _read(root / source)
        if source == _CPUINFO:
            line = _SERIAL_LINE.search(said)
            said = line[1] if line else ""
        said = said.strip("\0 \t\r\n")
        if not _NO_SERIALS.fullmatch(said):
            return said
    return None


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST).decode("utf-8", "replace")
    except OSError:
        return ""
