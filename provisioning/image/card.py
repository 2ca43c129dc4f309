"""The card: boot partition, two roots, data partition, put together without loop devices.

MBR, because the boot ROM of a Pi 3 and a Zero 2 W reads no GPT, with the four primary partitions
that it has room for. One FAT partition with a folder for each root's kernel, and not two of them,
so that a technician's laptop shows one drive to drop the enrolment file on.
"""

import os
import shutil
from pathlib import Path

from provisioning.image import slots
from provisioning.programs import call

# Named in fstab, in RAUC's configuration and by the initrd; "HALO" in ASCII.
SIGNATURE = 0x48414C4F
LABEL = "HAILONG"
_UUID = "48414c4f-6e67-4000-8000-000000000004"
_FAT_SIZE = "256M"
_SLOT_SIZE = "512M"
_DATA_SIZE = "96M"
_FIRMWARE = ("bootcode.bin", "start*.elf", "fixup*.dat")
_README = Path(__file__).parent / "boot-readme.txt"
_TABLE = f"""\
image card.img {{
    hdimage {{
        partition-table-type = "mbr"
        disk-signature = {SIGNATURE:#x}
        align = 4M
    }}
    partition boot {{ partition-type = 0x0c  bootable = true  image = "boot.vfat" }}
    partition rootA {{ partition-type = 0x83  image = "root.squashfs"  size = {_SLOT_SIZE} }}
    partition rootB {{ partition-type = 0x83  size = {_SLOT_SIZE} }}
    partition data {{ partition-type = 0x83  image = "data.ext4" }}
}}
"""


def boot(root: Path, work: Path, epoch: int) -> Path:
    """Make the FAT partition: firmware, ``config.txt``, and slot A's kernel.

    Returns:
        The file ``boot.vfat`` in ``work``.
    """
    tree = work / "boot"
    tree.mkdir()
    for pattern in _FIRMWARE:
        for file in (root / "usr/lib/raspi-firmware").glob(pattern):
            shutil.copyfile(file, tree / file.name)
    (tree / "config.txt").write_bytes(slots.render(slots.Choice("A", "A")))
    (tree / "extra.txt").write_text("# Own lines for the Pi's firmware.\n")
    shutil.copyfile(_README, tree / "README.txt")
    slots.fill(root / slots.BOOT_FILES, tree / "a", "A")
    for path in (*tree.rglob("*"), tree):
        os.utime(path, (epoch, epoch))
    image = work / "boot.vfat"
    call("truncate", "--size", _FAT_SIZE, image)
    call("mkfs.vfat", "-F", "32", "-n", LABEL, "-i", f"{SIGNATURE:08x}", "--invariant", image)
    # mtools dates a file's making by the clock unless told.
    stamped = {"SOURCE_DATE_EPOCH": str(epoch), "TZ": "UTC", "MTOOLS_SKIP_CHECK": "1"}
    names = sorted(tree.iterdir())
    call("mcopy", "-s", "-m", "-i", image, *names, "::", environment=stamped)
    return image


def data(work: Path, epoch: int) -> Path:
    """Make the empty data partition, which grows to the card's end at the first start.

    Returns:
        The file ``data.ext4`` in ``work``.
    """
    image = work / "data.ext4"
    call("truncate", "--size", _DATA_SIZE, image)
    call(
        *("mke2fs", "-q", "-t", "ext4", "-b", "4096", "-L", "hailong-data", "-U", _UUID),
        *("-E", f"hash_seed={_UUID},lazy_itable_init=0", "-m", "1", image),
        environment={"E2FSPROGS_FAKE_TIME": str(epoch)},
    )
    return image


def assemble(work: Path) -> Path:
    """Put ``boot.vfat``, ``root.squashfs`` and ``data.ext4`` of ``work`` onto one card.

    Returns:
        The file ``card.img`` in ``work``.
    """
    (work / "genimage.cfg").write_text(_TABLE)
    (work / "empty").mkdir()
    call(
        *("genimage", "--config", work / "genimage.cfg", "--rootpath", work / "empty"),
        *("--tmppath", work / "genimage", "--inputpath", work, "--outputpath", work),
    )
    return work / "card.img"
