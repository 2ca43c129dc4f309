"""The data partition of a card that is not in a machine, as on a technician's computer."""

import struct
import subprocess
from pathlib import Path

_SECTOR = 512
_ENTRY = 446 + 3 * 16 + 8
"""Where the MBR says in which sector the fourth partition begins."""
_HAILONG = 970
"""User and group of the terminal in the image (sysusers.d/hailong.conf)."""


def put(disk: Path, name: str, content: str) -> None:
    """Put a file of the terminal's into its folder, as by mounting the partition; no root needed.

    Args:
        disk: the card; its data partition is as the image has it, or was unmounted in order.
        name: of the file in /var/lib/hailong, which is made if need be.
        content: its text.
    """
    source = disk.with_name(name)
    source.write_text(content)
    target = f"hailong/{name}"
    fields = {"uid": _HAILONG, "gid": _HAILONG, "mode": "0100600"}
    words = ["mkdir hailong", f"write {source} {target}"]
    words += [f"set_inode_field {target} {field} {value}" for field, value in fields.items()]
    subprocess.run(
        ["debugfs", "-w", "-f", "-", f"{disk}?offset={_begins_at(disk)}"],
        input="\n".join(words), text=True, capture_output=True, check=True,
    )  # fmt: skip


def destroy(disk: Path) -> None:
    """Overwrite the whole partition: of less, its file system is mended at the next start."""
    begins = _begins_at(disk)
    with disk.open("r+b") as card:
        size = card.seek(0, 2)
        card.truncate(begins)
        card.truncate(size)


def _begins_at(disk: Path) -> int:
    with disk.open("rb") as card:
        (first,) = struct.unpack_from("<I", card.read(_SECTOR), _ENTRY)
    return int(first) * _SECTOR
