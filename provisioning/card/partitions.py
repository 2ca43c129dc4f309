"""The partition table in an image's first bytes: where its FAT partition is, and where it ends.

MBR as in every Raspberry Pi image, and GPT (UEFI specification 2.10, section 5.3).
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from provisioning.errors import ProvisioningError

SECTOR = 512
_FAT = {0x01, 0x04, 0x06, 0x0B, 0x0C, 0x0E, 0xEF}
_PROTECTIVE = 0xEE
_ENTRY = 128
"""Bytes of an entry of GPT, at least."""
_FAT_GUIDS = {
    UUID("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7"),  # basic data
    UUID("c12a7328-f81f-11d2-ba4b-00a0c93ec93b"),  # EFI system
}


@dataclass(frozen=True, slots=True)
class Table:
    """What has to be known of a partition table; all in bytes.

    Attributes:
        start: where the first partition begins; the bytes before make the card a card.
        fat: where the first FAT partition begins.
        end: where the last partition ends.
    """

    start: int
    fat: int
    end: int


@dataclass(frozen=True, slots=True)
class _Part:
    fat: bool
    first: int
    last: int


def read_table(path: Path, head: bytes) -> Table:
    """Read the table from the first bytes of the image ``path``.

    Raises:
        ProvisioningError: there is no table, or no FAT partition in it.
    """
    if len(head) < SECTOR or head[510:512] != b"\x55\xaa":
        raise ProvisioningError(f"{path}: not the image of a card; it has no partition table")
    try:
        parts = _mbr(head)
    except (struct.error, ValueError):
        raise ProvisioningError(f"{path}: its partition table is damaged") from None
    fat = [part.first for part in parts if part.fat]
    if not fat:
        raise ProvisioningError(f"{path}: not the image of a terminal; it has no FAT partition")
    return Table(
        SECTOR * min(part.first for part in parts),
        SECTOR * min(fat),
        SECTOR * (1 + max(part.last for part in parts)),
    )


def _mbr(head: bytes) -> list[_Part]:
    parts = []
    for at in range(446, 510, 16):
        kind, first, count = head[at + 4], *struct.unpack_from("<II", head, at + 8)
        if kind == _PROTECTIVE:
            return _gpt(head)
        if kind and count:
            parts.append(_Part(kind in _FAT, first, first + count - 1))
    return parts


def _gpt(head: bytes) -> list[_Part]:
    signature, entries, count, length = struct.unpack_from("<8s64xQII", head, SECTOR)
    if signature != b"EFI PART" or length < _ENTRY:  # else four billion entries in four megabytes
        raise ValueError(signature)
    parts = []
    for at in range(SECTOR * entries, SECTOR * entries + count * length, length):
        kind, first, last = struct.unpack_from("<16s16xQQ", head, at)
        if any(kind):
            parts.append(_Part(UUID(bytes_le=kind) in _FAT_GUIDS, first, last))
    return parts
