"""The initrd: each driver after those that it needs, in an archive that the kernel reads."""

import gzip
import lzma
import subprocess
from pathlib import Path

import pytest

from provisioning.errors import ProvisioningError
from provisioning.image import cpio, initrd


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    folder = tmp_path / "modules"
    (folder / "kernel").mkdir(parents=True)
    for name in ("mmc_core", "mmc-block", "sdhci"):
        (folder / "kernel" / f"{name}.ko.xz").write_bytes(lzma.compress(name.encode()))
    (folder / "modules.dep").write_text(
        "kernel/mmc-block.ko.xz: kernel/sdhci.ko.xz kernel/mmc_core.ko.xz\n"
        "kernel/sdhci.ko.xz: kernel/mmc_core.ko.xz\nkernel/mmc_core.ko.xz:\n"
    )
    (folder / "modules.builtin").write_text("kernel/fs/squashfs/squashfs.ko\n")
    return folder


def test_a_driver_comes_after_those_that_it_needs(modules: Path) -> None:
    order = initrd.load_order(["mmc_block", "sdhci", "squashfs"], modules)
    assert order == ["kernel/mmc_core.ko.xz", "kernel/sdhci.ko.xz", "kernel/mmc-block.ko.xz"]


def test_a_driver_that_the_kernel_does_not_know_is_named(modules: Path) -> None:
    with pytest.raises(ProvisioningError, match="no driver floppy"):
        initrd.load_order(["floppy"], modules)


def test_the_archive_is_read_by_cpio_and_has_no_trace_of_the_build_machine(tmp_path: Path) -> None:
    entries = [cpio.folder("bin"), cpio.program("init", b"#!"), cpio.link("bin/sh", "busybox")]
    packed = cpio.archive([*entries, cpio.file("odd", b"123")])
    assert packed == cpio.archive([*entries, cpio.file("odd", b"123")])
    listed = subprocess.run(
        ["cpio", "-itv", "--quiet"], input=packed, capture_output=True, check=True
    ).stdout.decode()
    assert "-rwxr-xr-x   1 root     root            2 Jan  1  1970 init" in listed
    assert "bin/sh -> busybox" in listed


def test_the_initrd_holds_unpacked_drivers_and_their_order(
    modules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "usr/bin").mkdir(parents=True)
    (tmp_path / "usr/bin/busybox").write_bytes(b"busybox")
    names = tmp_path / "initrd"
    names.mkdir()
    (names / "modules.txt").write_text("# of the card\nmmc_block\nsquashfs\n")
    (names / "init").write_text("#!/bin/sh\n")
    monkeypatch.setattr(initrd, "_HERE", names)
    packed = gzip.decompress(initrd.make(tmp_path, modules))
    assert b"mmc_core.ko\nsdhci.ko\nmmc_block.ko\n" in packed
    assert packed.count(b"070701") == 10
