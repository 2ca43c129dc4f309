"""Files on a FAT partition that is not mounted, by mtools.

So no kernel has to see the partition, no desktop opens a window for it, and no mount is left.
"""

from pathlib import Path

from provisioning.programs import beginning, call

_UNCHECKED = {"MTOOLS_SKIP_CHECK": "1"}
"""The check is against geometries of floppies, which partitions of cards seldom have."""


class Fat:
    """The FAT partition at a byte offset of a card or an image."""

    def __init__(self, device: Path, offset: int) -> None:
        self._drive = ("-i", f"{device}@@{offset}")

    def put(self, name: str, content: bytes) -> None:
        """Write one file into the top folder, in place of one that is there.

        Raises:
            ProvisioningError: it does not fit, or the partition is damaged.
        """
        words = ("mcopy", "-o", *self._drive, "-", f"::{name}")
        call(*words, given=content, environment=_UNCHECKED)

    def get(self, name: str, most: int) -> bytes:
        """Read one file of the top folder, ``most`` bytes of it: any length can stand on a card.

        Raises:
            ProvisioningError: it is not there, or the partition is damaged.
        """
        words = ("mtype", *self._drive, f"::{name}")
        return beginning(*words, most=most, environment=_UNCHECKED)
