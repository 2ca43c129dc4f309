"""The initrd: each driver after those that it needs, in an archive that the kernel reads."""

import gzip
import lzma
import subprocess
from pathlib import Path

import pytest

from provisioning.errors import ProvisioningError
from provisioning.image import cpio, initrd, slots


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
    for program in ("init", "end-trial"):
        (names / program).write_text("#!/bin/sh\n")
    monkeypatch.setattr(initrd, "_HERE", names)
    packed = gzip.decompress(initrd.make(tmp_path, modules))
    assert b"mmc_core.ko\nsdhci.ko\nmmc_block.ko\n" in packed
    assert packed.count(b"070701") == 11


class Boot:
    """A boot partition whose system A is good, with B on trial; ``mount`` is the one of a test."""

    def __init__(self, folder: Path, mount: str = "true") -> None:
        self.folder, self.path = folder / "boot", folder / "bin"
        self.config = self.folder / "config.txt"
        for slot in "ab":
            (self.folder / slot).mkdir(parents=True)
            choice = slots.Choice(slot.upper(), slot.upper())
            (self.folder / slot / "start.txt").write_bytes(slots.render(choice))
        self.config.write_bytes(slots.render(slots.Choice("B", "A")))
        self.path.mkdir()
        (self.path / "mount").write_text(f'#!/bin/sh\necho "$@" >>{folder}/mounted\n{mount}\n')
        (self.path / "mount").chmod(0o755)

    def end_trial(self) -> int:
        program = Path(initrd.__file__).parent / "initrd/end-trial"
        place = {"PATH": f"{self.path}:/bin:/usr/bin"}
        return subprocess.run(["sh", program, self.folder], env=place, check=False).returncode


def test_a_system_on_trial_is_started_once(tmp_path: Path) -> None:
    boot = Boot(tmp_path)
    assert boot.end_trial() == 0
    assert slots.parse(boot.config.read_bytes()) == slots.Choice("A", "A")
    assert boot.end_trial() == 0
    mounted = (tmp_path / "mounted").read_text()
    assert mounted == f"-o remount,rw {boot.folder}\n", "only the trial had to be ended"


def test_what_an_editor_made_of_the_choice_ends_the_trial_all_the_same(tmp_path: Path) -> None:
    boot = Boot(tmp_path)
    boot.config.write_bytes(boot.config.read_bytes().replace(b"\n", b"\r\n"))
    assert boot.end_trial() == 0
    assert boot.config.read_bytes().startswith(slots.render(slots.Choice("A", "A")))


def test_a_choice_that_was_written_over_is_left_and_said(tmp_path: Path) -> None:
    boot = Boot(tmp_path)
    boot.config.write_bytes(b"arm_64bit=1\n" + b"#" * 500)
    assert boot.end_trial() != 0


def test_a_card_that_cannot_be_written_any_more_is_said(tmp_path: Path) -> None:
    boot = Boot(tmp_path, mount="false")
    assert boot.end_trial() != 0
    assert slots.parse(boot.config.read_bytes()) == slots.Choice("B", "A")
