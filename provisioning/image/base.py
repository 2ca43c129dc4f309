"""The Debian part of the root: made once by mmdebstrap under emulation, then kept.

What pins it: the file's name carries the hash of all that is asked for (package list, hooks, suite,
components, options), and the image's manifest names its SHA-256 and the version of every package.
The same base gives the same image for ever; a new one (``--refresh``) takes the suite as it is
that day, or, with a mirror of snapshot.debian.org, as it was.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.image import cache
from provisioning.programs import call

SUITE = "trixie"
_COMPONENTS = "main non-free-firmware"
_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_HERE = Path(__file__).parent / "base"
# Files of the root are dated so, however long the build took.
_EPOCH = "1735689600"
_OPTIONS = (
    "--mode=root",
    "--variant=essential",
    "--architectures=arm64",
    '--aptopt=DPkg::Path "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"',
    '--aptopt=APT::Install-Recommends "false"',
    "--dpkgopt=force-unsafe-io",
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    "--dpkgopt=path-exclude=/usr/share/info/*",
    "--dpkgopt=path-exclude=/usr/share/lintian/*",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
)
_BINFMT = Path("/proc/sys/fs/binfmt_misc/qemu-aarch64")


@dataclass(frozen=True)
class Mirrors:
    """Where Debian's packages come from: the archive, and its security updates.

    None is what apt of this machine uses, so that an office's own mirror is taken.
    """

    archive: str | None = None
    security: str | None = None


def packages() -> list[str]:
    """Return the names of the list, without its comments."""
    lines = (_HERE / "packages.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def path() -> Path:
    """Return where the base of today's list and hooks is kept, made or not."""
    seen = hashlib.sha256("\n".join([SUITE, _COMPONENTS, _EPOCH, *_OPTIONS]).encode())
    for name in ("packages.txt", "prepare", "finish"):
        seen.update((_HERE / name).read_bytes())
    return cache.kept() / f"base-{seen.hexdigest()[:16]}.tar"


def make(target: Path, work: Path, mirrors: Mirrors) -> None:
    """Make the base in ``work`` and move it to ``target``; takes minutes. Its log lies there too.

    Raises:
        ProvisioningError: not root, no emulation of arm64, or mmdebstrap failed.
    """
    if os.geteuid():
        raise ProvisioningError("The base is made as root: its files belong to many users.")
    if not _BINFMT.exists():
        raise ProvisioningError(
            "This machine can't run arm64 programs: run tools/system-packages image"
        )
    unfinished = work / target.name
    call(
        "mmdebstrap",
        *_OPTIONS,
        f"--include={','.join(packages())}",
        f'--setup-hook={_HERE / "prepare"} "$1"',
        f'--customize-hook={_HERE / "finish"} "$1"',
        SUITE,
        unfinished,
        *_sources(mirrors),
        environment={"SOURCE_DATE_EPOCH": _EPOCH},
        log=target.with_suffix(".log"),
    )
    unfinished.replace(target)


def _sources(mirrors: Mirrors) -> Iterator[str]:
    signed = f"deb [signed-by={_KEYRING}]"
    archive, security = mirrors.archive or _known(""), mirrors.security or _known("security")
    yield f"{signed} {archive} {SUITE} {_COMPONENTS}"
    yield f"{signed} {archive} {SUITE}-updates {_COMPONENTS}"
    yield f"{signed} {security} {SUITE}-security {_COMPONENTS}"


def _known(part: str) -> str:
    """Return where apt of this machine finds a part of Debian, named by how its suites end."""
    listed = call("apt-get", "indextargets", "--format", "$(ORIGIN) $(CODENAME) $(REPO_URI)")
    for origin, suite, *address in map(str.split, listed.decode().splitlines()):
        if origin == "Debian" and address and suite.partition("-")[2] == part:
            return address[0]
    raise ProvisioningError(
        "apt of this machine knows no archive of Debian (after apt-get update): name the archive "
        "by --mirror, its security updates by --security-mirror"
    )
