"""A stand-in for stock Raspberry Pi OS Lite 64-bit: Debian 13 for arm64 with cloud-init.

What it has in common with it: packages of trixie, Python 3.13 without pip and ensurepip, netplan,
cloud-init with its seed on the FAT partition, which is mounted at /boot/firmware. What it has not:
the Pi's boot loader, kernel and firmware, NetworkManager, the first-start questions.

The Debian part is made once, under emulation (5 to 10 minutes), and kept in the cache folder.
"""

import hashlib
import lzma
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from provisioning import cache
from tests.fakes.card_images import MEGA, run

PACKAGES = (
    *("systemd", "systemd-sysv", "systemd-resolved", "udev", "dbus", "cloud-init", "netplan.io"),
    *("linux-image-arm64", "kmod", "busybox-static", "python3", "e2fsprogs", "dosfstools"),
    *("iproute2", "netbase", "passwd", "login", "mount", "tzdata"),
)
_SLOW = (
    *("py3compile", "systemd-hwdb", "update-ca-certificates", "update-initramfs", "fc-cache"),
    *("depmod", "deb-systemd-helper", "deb-systemd-invoke", "journalctl"),
)
"""Helpers of packages that take most of the time under emulation, and that nobody needs here."""
_DRIVERS = ("virtio_pci", "virtio_blk", "ext4", "vfat", "nls_cp437", "nls_ascii", "nls_iso8859_1")
_FAT = 256 * MEGA
_ROOT = 2560 * MEGA
_FILES = {
    "etc/fstab": "/dev/vda2 / ext4 defaults 0 1\n/dev/vda1 /boot/firmware vfat defaults 0 2\n",
    "etc/hostname": "raspberrypi\n",
    "etc/cloud/cloud.cfg.d/99_raspberry-pi.cfg": "datasource_list: [ NoCloud, None ]\n"
    "datasource:\n  NoCloud:\n    seedfrom: file:///boot/firmware/\n",
    # Emulation is slow.
    "etc/systemd/system.conf.d/test.conf": "[Manager]\nDefaultDeviceTimeoutSec=15min\n"
    "DefaultTimeoutStartSec=15min\n",
}
_INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /root
/bin/busybox mount -t devtmpfs dev /dev
for module in $(/bin/busybox cat /order); do /bin/busybox insmod /modules/$module; done
until /bin/busybox mount -t ext4 /dev/vda2 /root; do /bin/busybox sleep 1; done
/bin/busybox mount --move /dev /root/dev
exec /bin/busybox switch_root /root /sbin/init
"""


@dataclass(frozen=True)
class Stock:
    """A card with the stock system, and what a boot loader would load from it."""

    card: Path
    kernel: Path
    initrd: Path

    @property
    def fat(self) -> str:
        """The FAT partition, as mtools name it."""
        return f"{self.card}@@{MEGA}"

    def drop(self, folder: Path) -> None:
        """Copy all that is in ``folder`` onto the FAT partition, as with a laptop."""
        run("mcopy", "-s", "-o", "-Q", "-i", self.fat, *sorted(folder.iterdir()), "::")


def make(folder: Path) -> Stock:
    """Make a card of it in ``folder``, which has 4 GB to spare."""
    root = folder / "root"
    root.mkdir()
    subprocess.run(["tar", "-xf", _base(), "-C", root], check=True)
    for name, content in _FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    (root / "etc/machine-id").write_text("")
    trusted = sorted((root / "usr/share/ca-certificates").rglob("*.crt"))
    (root / "etc/ssl/certs/ca-certificates.crt").write_text(
        "".join(one.read_text() for one in trusted)
    )
    shutil.rmtree(root / "usr/local/sbin")
    (root / "boot/firmware").mkdir(parents=True, exist_ok=True)
    subprocess.run(["chroot", root, "systemctl", "preset-all", "--quiet"], check=True)
    kernel = next((root / "boot").glob("vmlinuz-*"))
    shutil.copy(kernel, folder / "kernel")
    _initrd(root, kernel.name.removeprefix("vmlinuz-"), folder)
    _card(root, folder / "card.img")
    shutil.rmtree(root)
    return Stock(folder / "card.img", folder / "kernel", folder / "initrd")


def _base() -> Path:
    name = hashlib.sha256(" ".join((*PACKAGES, *_SLOW)).encode()).hexdigest()[:12]
    base = cache.folder() / f"stock-{name}.tar"
    if not base.exists():
        base.parent.mkdir(parents=True, exist_ok=True)
        part = base.with_suffix(".part.tar")
        quick = f"cd $1/usr/local/sbin; for helper in {' '.join(_SLOW)}; do"
        quick += " printf '#!/bin/sh\\n' >$helper; chmod 755 $helper; done"
        subprocess.run(
            ["mmdebstrap", "--mode=root", "--skip=check/qemu", "--architectures=arm64",
             "--variant=essential", f"--include={','.join(PACKAGES)}",
             "--aptopt=APT::Install-Recommends false", "--aptopt=APT::Sandbox::User root",
             '--aptopt=DPkg::Path "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"',
             "--dpkgopt=force-unsafe-io", "--dpkgopt=path-exclude=/usr/share/doc/*",
             "--dpkgopt=path-exclude=/usr/share/man/*",
             "--dpkgopt=path-exclude=/usr/share/locale/*",
             f"--setup-hook=mkdir -p $1/usr/local/sbin; {quick}",
             "trixie", part],
            check=True,
        )  # fmt: skip
        part.rename(base)
    return base


def _initrd(root: Path, version: str, folder: Path) -> None:
    """Busybox and the drivers that the root is reached by; Debian's own takes minutes to make."""
    run("depmod", "-b", root, version)
    shown = run("modprobe", "-d", root, "-S", version, "--show-depends", "--all", *_DRIVERS)
    paths = dict.fromkeys(Path(line.split()[1]) for line in shown.splitlines() if "insmod" in line)
    tree = folder / "tree"
    (tree / "modules").mkdir(parents=True)
    (tree / "bin").mkdir()
    shutil.copy(root / "usr/bin/busybox", tree / "bin/busybox")
    order = []
    for path in paths:
        data = path.read_bytes()
        order.append(path.name.removesuffix(".xz"))
        (tree / "modules" / order[-1]).write_bytes(
            lzma.decompress(data) if path.suffix == ".xz" else data
        )
    (tree / "order").write_text("\n".join(order))
    (tree / "init").write_text(_INIT)
    (tree / "init").chmod(0o755)
    names = "\n".join(str(path.relative_to(tree)) for path in sorted(tree.rglob("*")))
    with (folder / "initrd").open("wb") as out:
        subprocess.run(["cpio", "--create", "--format=newc", "--quiet"], cwd=tree, text=False,
                       input=names.encode(), stdout=out, check=True)  # fmt: skip
    shutil.rmtree(tree)


def _card(root: Path, card: Path) -> None:
    with card.open("wb") as file:
        file.truncate(MEGA + _FAT + _ROOT)
    table = f"label: dos\nstart=2048, size={_FAT // 512}, type=c\nsize={_ROOT // 512}, type=83\n"
    run("sfdisk", "--quiet", card, given=table)
    fat = f"{card}@@{MEGA}"
    run("mformat", "-F", "-i", fat, "-v", "bootfs", "-T", _FAT // 512, "::")
    for name in ("user-data", "meta-data", "network-config"):
        run("mcopy", "-i", fat, "-", f"::{name}", given="#cloud-config\n" * (name == "user-data"))
    run("mkfs.ext4", "-q", "-d", root, "-E", f"offset={MEGA + _FAT}", "-L", "rootfs", card,
        f"{_ROOT // 1024}k")  # fmt: skip
