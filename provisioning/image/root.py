"""The root of the terminal: the base, our files, the program, units; then one squashfs file.

Read-only and compressed: squashfs is never written, so a power cut can't hurt it, and a card is
written in a quarter of the time that a file system with room in it takes. What changes lies on
the data partition (/var/lib) or in memory (/var, /tmp), so nothing needs an overlay, which would
let a forgotten write seem to last until the next start. No dm-verity: the Pi's firmware verifies
no kernel, so a thief with the card could change both; bundles are verified when they arrive.
"""

import re
import shutil
from pathlib import Path

from provisioning.image import grow, initrd, program, slots
from provisioning.programs import call
from provisioning.server import payload

VERSION_FILE = Path("etc/hailong-image")
"""Holds MAJOR.MINOR.PATCH alone: the terminal compares it with what the fleet wants it to run."""
_RAUC = Path("etc/rauc/system.conf")
_FILES = Path(__file__).parent / "files"
_COMMAND_LINE = (
    "rauc.slot=@SLOT@ ro quiet loglevel=3 vt.global_cursor_default=0 consoleblank=0 "
    "panic=20 fsck.repair=yes systemd.gpt_auto=0 console=tty1\n"
)
# Boards that Debian's kernel starts; a Pi 5 is served by the card bundle.
_BOARDS = ("bcm2837-rpi-3*", "bcm2837-rpi-zero-2*", "bcm2711-rpi-4*", "bcm2711-rpi-400*")


def unpack(base: Path, root: Path) -> None:
    """Lay the base out at ``root``, with its owners."""
    root.mkdir()
    call("tar", "--extract", "--file", base, "--directory", root, "--numeric-owner", "--xattrs")


def furnish(root: Path, work: Path, kept: Path, environment: dict[str, str]) -> None:
    """Turn a fresh base into the terminal's root."""
    shutil.copytree(_FILES, root, symlinks=True, dirs_exist_ok=True)
    mark(root, program.version())
    programs = root / "usr/lib/hailong"
    programs.mkdir()
    for source, name in ((slots.__file__, "boot-slots"), (grow.__file__, "grow-data")):
        shutil.copyfile(source, programs / name)
        (programs / name).chmod(0o755)
    _units(root)
    program.install(root, work, kept, environment)
    _users(root, environment)
    call("systemctl", "--root", root, "--preset-mode=full", "preset-all")
    _kernel(root)
    _read_only(root)


def mark(root: Path, version: str) -> None:
    """Tell the root its version: the terminal reports it, and RAUC installs none that is older."""
    (root / VERSION_FILE).write_text(f"{version}\n")
    config = root / _RAUC
    floor = f"min-bundle-version={version}"
    config.write_text(re.sub("(?m)^min-bundle-version=.*$", floor, config.read_text()))


def squash(root: Path, target: Path, epoch: int) -> None:
    """Pack the root; the same files give the same bytes."""
    call(
        *("mksquashfs", root, target, "-noappend", "-no-progress", "-comp", "zstd"),
        *("-b", "256K", "-Xcompression-level", "9", "-mkfs-time", str(epoch)),
        *("-all-time", str(epoch)),
        environment={"SOURCE_DATE_EPOCH": None},  # refused beside the date of all files
    )


def _units(root: Path) -> None:
    for item in payload.terminal_items():
        target = root / item.target
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(item.source, target)


def _users(root: Path, environment: dict[str, str]) -> None:
    # Told the date, so that it does not write today's into shadow.
    call("systemd-sysusers", f"--root={root}", environment=environment)
    # No password for anybody: an enrolment file may bring a key.
    shadow = root / "etc/shadow"
    lines = [line.split(":") for line in shadow.read_text().splitlines()]
    locked = [":".join([name, "!*", *rest]) for name, _, *rest in lines]
    shadow.write_text("\n".join([*locked, ""]))


def _kernel(root: Path) -> None:
    version = next((root / "usr/lib/modules").iterdir()).name
    call("depmod", "--basedir", root, version)
    boot = root / slots.BOOT_FILES
    boot.mkdir(parents=True)
    (root / "boot" / f"vmlinuz-{version}").rename(boot / "vmlinuz")
    (boot / "initrd.img").write_bytes(initrd.make(root, root / "usr/lib/modules" / version))
    (boot / "cmdline.txt").write_text(_COMMAND_LINE)
    trees = root / f"usr/lib/linux-image-{version}/broadcom"
    for board in _BOARDS:
        for tree in trees.glob(f"{board}.dtb"):
            shutil.copy(tree, boot)


def _read_only(root: Path) -> None:
    """Leave in place what a root that can't be written needs: mount points, links into /run."""
    (root / "etc/machine-id").write_text("")
    resolv = root / "etc/resolv.conf"
    resolv.unlink(missing_ok=True)
    resolv.symlink_to("../run/systemd/resolve/stub-resolv.conf")
    # The mirror's address is nobody's business on a terminal, which never calls apt. The kernel and
    # the Pi's firmware lie elsewhere (BOOT_FILES, raspi-firmware).
    for name in ("var", "etc/apt", "boot"):
        shutil.rmtree(root / name)
    for name in ("var/lib", "var/tmp", "media", "boot/firmware", "tmp"):
        (root / name).mkdir(parents=True, exist_ok=True)
