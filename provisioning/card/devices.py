"""Block devices as ``lsblk`` sees them, and why one must not be written as a card."""

import json
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from provisioning.errors import ProvisioningError
from provisioning.programs import call

MAX_CARD = 512_000_000_000
"""Bytes. What is larger is rather somebody's disk of backups than a card."""
_COLUMNS = "PATH,SIZE,MODEL,SERIAL,TRAN,RM,HOTPLUG,RO,TYPE,FSTYPE,LABEL,MOUNTPOINTS"
_NOTHING_IN_IT = 32
"""lsblk's exit code for a device of no size: a reader without a card, a loop without a file."""
_WRITABLE = ("disk", "loop", "file")
_USED_BY = {"lvm": "LVM", "crypt": "an encrypted volume", "dm": "device-mapper"}
_CARD_MOUNTS = ("/media/", "/run/media/", "/mnt/", "/Volumes/")
"""Where desktops and technicians mount what can be pulled out. Any other mount is the system's."""


@dataclass(frozen=True, slots=True)
class Device:
    """A block device with what is on it.

    Attributes:
        path: such as ``/dev/sdb``.
        size: bytes; 0 for a reader without a card.
        model: what its maker calls it, and ``serial`` its number; both may be empty.
        bus: ``usb``, ``mmc``, ``nvme``, ``sata`` or empty.
        removable: it can be pulled out while the machine runs.
        read_only: such as a card with its lock pushed down.
        kind: ``disk``, ``part``, ``loop``, ``lvm``, ``crypt``, ``raid1``; ``file`` for a plain one.
        content: file system, or what else the signature says; ``label`` its name.
        mounts: where it is mounted; ``[SWAP]`` for swap space.
        parts: partitions, and what is built upon it.
    """

    path: str
    size: int
    model: str = ""
    serial: str = ""
    bus: str = ""
    removable: bool = False
    read_only: bool = False
    kind: str = "disk"
    content: str = ""
    label: str = ""
    mounts: tuple[str, ...] = ()
    parts: tuple["Device", ...] = ()

    @property
    def name(self) -> str:
        """The last word of its path, which a person types to confirm."""
        return self.path.rpartition("/")[2]

    @property
    def maker(self) -> str:
        """Maker's name and number, as far as it tells them."""
        return f"{self.model} {self.serial}".strip() or self.path

    def all(self) -> Iterator["Device"]:
        """Yield it and everything on it."""
        yield self
        for part in self.parts:
            yield from part.all()

    def bare(self) -> "Device":
        """Return it without its mounts, which come and go while it stays the same."""
        return replace(self, mounts=(), parts=tuple(part.bare() for part in self.parts))

    def mounted(self) -> list[str]:
        """Return every place where it or a part of it is mounted, the innermost first."""
        places = {place for each in self.all() for place in each.mounts}
        return sorted(places, key=lambda place: place.count("/"), reverse=True)


def disks() -> list[Device]:
    """Return the disks of this machine that could be a card, writable or not.

    Raises:
        ProvisioningError: ``lsblk`` is not there or fails.
    """
    found = [_device(one) for one in _lsblk()]
    return [one for one in found if one.kind == "disk" and not one.path.startswith("/dev/zram")]


def find(path: Path) -> Device:
    """Return one device by its path or a link to it. A plain file may stand in for a card.

    Raises:
        ProvisioningError: there is no such device.
    """
    try:
        real = path.resolve(strict=True)
        status = real.stat()
    except OSError as error:
        raise ProvisioningError(
            f"{path}: {error.strerror}; hailong-provision card list shows the cards that are there"
        ) from None
    if stat.S_ISREG(status.st_mode):
        return Device(str(real), status.st_size, kind="file", removable=True)
    if not stat.S_ISBLK(status.st_mode):
        raise ProvisioningError(f"{path}: neither a block device nor a file")
    rows = _lsblk(str(real))
    return _device(rows[0]) if rows else Device(str(real), 0)


def refusal(device: Device, fixed_too: bool = False) -> str | None:
    """Return why a device must not be written, or None.

    Args:
        device: what somebody wants to write.
        fixed_too: the person knows that it can't be pulled out, or is larger than a card.
    """
    return _unfit(device) or _in_use(device) or (None if fixed_too else _no_card(device))


def _unfit(device: Device) -> str | None:
    if device.kind not in _WRITABLE:
        return f"it is not a whole card ({device.kind}); give the device that it is on"
    if not device.size:
        return "no card is in it"
    if device.read_only:
        return "it is read-only; push the lock at the side of the card up"
    return None


def _in_use(device: Device) -> str | None:
    for each in device.all():
        for place in each.mounts:
            if not f"{place}/".startswith(_CARD_MOUNTS):
                return f"this machine runs on it ({each.path} is {place})"
        if each.kind in _USED_BY or each.kind.startswith("raid"):
            return f"it holds {_USED_BY.get(each.kind, 'a RAID')} in use ({each.path})"
    return None


def _no_card(device: Device) -> str | None:
    if not device.removable:
        return "it can't be pulled out, so it is hardly a card (--not-removable, if you are sure)"
    if device.size > MAX_CARD:
        return "it is larger than any card (--not-removable, if you are sure)"
    return None


def _lsblk(*paths: str) -> list[dict[str, Any]]:
    words = ("lsblk", "--json", "--bytes", "--output", _COLUMNS, *paths)
    out = call(*words, fine=(0, _NOTHING_IN_IT))
    found: list[dict[str, Any]] = json.loads(out)["blockdevices"]
    return found


def _device(row: dict[str, Any]) -> Device:
    bus = row["tran"] or ""
    return Device(
        path=row["path"],
        size=row["size"],
        model=(row["model"] or "").strip(),
        serial=(row["serial"] or "").strip(),
        bus=bus,
        removable=row["rm"] or row["hotplug"] or bus in ("usb", "mmc"),
        read_only=row["ro"],
        kind=row["type"],
        content=row["fstype"] or "",
        label=row["label"] or "",
        mounts=tuple(place for place in row["mountpoints"] if place),
        parts=tuple(_device(child) for child in row.get("children", ())),
    )
