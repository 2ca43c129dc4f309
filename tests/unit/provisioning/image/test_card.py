"""The card: the same parts give the same bytes, and its first partition is read by any laptop."""

import os
import subprocess
from pathlib import Path

import pytest

from provisioning.image import card, slots
from tests.image.firmware import BootPartition

EPOCH = 1_764_000_000


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card, "_FAT_SIZE", "48M")
    monkeypatch.setattr(card, "_DATA_SIZE", "16M")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """As much of a root as the boot partition is made of."""
    root = tmp_path / "root"
    boot, firmware = root / slots.BOOT_FILES, root / "usr/lib/raspi-firmware"
    for folder in (boot, firmware):
        folder.mkdir(parents=True)
    (boot / "vmlinuz").write_bytes(b"kernel" * 1000)
    (boot / "initrd.img").write_bytes(b"initrd" * 1000)
    (boot / "cmdline.txt").write_text("rauc.slot=@SLOT@ ro\n")
    (firmware / "bootcode.bin").write_bytes(b"first")
    (firmware / "start4.elf").write_bytes(b"second")
    (firmware / "LICENCE").write_text("of the firmware")
    return root


def parts(root: Path, work: Path) -> tuple[bytes, bytes]:
    work.mkdir()
    boot, data = card.boot(root, work, EPOCH), card.data(work, EPOCH)
    return boot.read_bytes(), data.read_bytes()


def test_boot_and_data_partition_are_the_same_bytes_each_time(root: Path, tmp_path: Path) -> None:
    once = parts(root, tmp_path / "one")
    for file in root.rglob("*"):
        os.utime(file)
    assert parts(root, tmp_path / "two") == once


def test_both_file_systems_are_whole(root: Path, tmp_path: Path) -> None:
    parts(root, tmp_path / "one")
    for command in (["fsck.vfat", "-n"], ["e2fsck", "-fn"]):
        name = "boot.vfat" if "vfat" in command[0] else "data.ext4"
        subprocess.run(
            [f"/usr/sbin/{command[0]}", *command[1:], tmp_path / "one" / name],
            check=True,
            capture_output=True,
        )


def test_the_assembled_card_starts_slot_a_by_its_config(root: Path, tmp_path: Path) -> None:
    work = tmp_path / "one"
    parts(root, work)
    (work / "root.squashfs").write_bytes(b"hsqs" * 1000)
    disk = card.assemble(work)
    boot = BootPartition(disk)
    started = boot.start(tmp_path)
    assert started.slot == "A"
    assert started.kernel.read_bytes() == b"kernel" * 1000
    assert started.command_line.startswith("rauc.slot=A ro ")
    assert {"README.txt", "bootcode.bin", "start4.elf", "extra.txt"} <= set(boot.names())
    with disk.open("rb") as file:
        assert file.read(512)[440:444] == card.SIGNATURE.to_bytes(4, "little")
