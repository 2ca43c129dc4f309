"""Puts a bundle together: all that is to be copied onto the boot partition of Raspberry Pi OS."""

import hashlib
import shutil
from pathlib import Path

from provisioning.card.bundle import cloud, wheels
from provisioning.card.files import new_folder, text
from provisioning.card.image import Shown
from provisioning.card.invitations import Carried
from provisioning.card.writing import ENROLMENT
from provisioning.errors import ProvisioningError
from wire.files import write_atomic

_STOCK = Path(__file__).with_name("stock")
_UNITS = (
    "hailong-site.service",
    "hailong-terminal.service",
    "hailong-uplink.service",
    "hailong-stick@.service",
    "99-hailong-stick.rules",
    "50-hailong-reboot.rules",
)
_ADDITIONS = ("hailong-terminal.conf", "hailong-uplink.conf")
_ROOT = ("install", "hailong-install.service", "sysusers.conf")
SUMS = "SHA256SUMS"


def checkout() -> Path:
    """Return the checkout that this program runs from.

    Raises:
        ProvisioningError: it was installed instead, so units and locked requirements are not here.
    """
    source = Path(__file__).resolve().parents[3]
    if not (source / "requirements" / "terminal.txt").exists():
        raise ProvisioningError(
            "a bundle is made in a checkout of Hailong, where units and locked requirements are:"
            " run .venv/bin/hailong-provision there"
        )
    return source


def write(source: Path, out: Path, carried: Carried | None, shown: Shown) -> None:
    """Write the bundle into a new folder.

    Args:
        source: a checkout.
        out: the folder to be made.
        carried: the terminal's enrolment file; without one, all terminals can have the bundle.
        shown: shows how far it is, in steps.

    Raises:
        ProvisioningError: packages can't be had, or the folder can't be written.
    """
    new_folder(out)
    inside = out / "hailong"
    (inside / "wheels").mkdir(parents=True)
    (inside / "units").mkdir()
    shown.begin("packages", 3)
    wheels.download(source, inside / "wheels")
    shown.move(2)
    wheels.build(source, inside / "wheels")
    shown.move(1)
    shown.end()
    for names, folder, to in (
        (_UNITS, source / "systemd", inside / "units"),
        (_ADDITIONS, _STOCK, inside / "units"),
        (_ROOT, _STOCK, inside),
        (("terminal.txt",), source / "requirements", inside),
    ):
        for name in names:
            shutil.copyfile(folder / name, to / name)
    file = carried.file if carried else None
    (inside / "network-without-secrets").write_text(cloud.network_config(file, False), "utf-8")
    _seal(inside)
    _write_seed(out, carried)


def _write_seed(out: Path, carried: Carried | None) -> None:
    file = carried.file if carried else None
    user, network = cloud.user_data(file), cloud.network_config(file)
    sums = (out / "hailong" / SUMS).read_text("utf-8")
    instance = hashlib.sha256("".join([user, network, sums]).encode()).hexdigest()[:16]
    for name, content in (
        ("user-data", user),
        ("meta-data", cloud.meta_data(f"hailong-{instance}")),
        ("network-config", network),
    ):
        write_atomic(out / name, content.encode(), 0o600)
    write_atomic(out / "README.txt", text("bundle", carried).encode("utf-8-sig"))
    if carried:
        write_atomic(out / ENROLMENT, carried.content, 0o600)


def _seal(folder: Path) -> None:
    """List the checksum of every file, as sha256sum reads it: a copy that stopped is noticed."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n"
        for path in paths
    ]
    write_atomic(folder / SUMS, "".join(lines).encode())
