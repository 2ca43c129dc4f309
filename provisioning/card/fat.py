"""Files on a FAT partition that is not mounted, by mtools.

So no kernel has to see the partition, no desktop opens a window for it, and no mount is left.
"""

from pathlib import Path

from provisioning.programs import call


class Fat:
    """The FAT partition at a byte offset of a card or an image."""

    def __init__(self, device: Path, offset: int) -> None:
        self._drive = f"{device}@@{offset}"

    def put(self, name: str, content: bytes) -> None:
        """Write one file into the top folder, in place of one that is there.

        Raises:
            ProvisioningError: it does not fit, or the partition is damaged.
        """
        self._run("mcopy", "-o", "-i", self._drive, "-", f"::{name}", given=content)

    def get(self, name: str) -> bytes:
        """Read one file of the top folder.

        Raises:
            ProvisioningError: it is not there, or the partition is damaged.
        """
        return self._run("mtype", "-i", self._drive, f"::{name}")

    def _run(self, *words: str, given: bytes = b"") -> bytes:
        # The check is against geometries of floppies, which partitions of cards seldom have.
        return call(*words, given=given, environment={"MTOOLS_SKIP_CHECK": "1"})
