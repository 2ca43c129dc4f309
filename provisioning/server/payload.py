"""Which files go where on a machine: the only list of them.

They lie in ``systemd/`` of the sources, and in this package where it was installed from a wheel.
What is neither the server's nor a broker node's belongs to the terminal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

PROGRAMS = PurePosixPath("/opt/hailong/bin")
"""Where the units expect the programs."""

FLEET = PurePosixPath("/var/lib/hailong-fleet")
"""The fleet directory of a server."""

NODE = PurePosixPath("/var/lib/hailong-nats")
"""The folder of a broker's node."""

_POLKIT = "etc/polkit-1/rules.d"
_PLACES = {
    ".sysusers.conf": "etc/sysusers.d",
    ".tmpfiles.conf": "etc/tmpfiles.d",
    "-reboot.rules": _POLKIT,
    ".rules": "etc/udev/rules.d",
    ".conf": "usr/local/share/hailong",
}
"""By the end of the name, the first that fits; everything else is a unit."""

_UNITS = "etc/systemd/system"


@dataclass(frozen=True, slots=True)
class Item:
    """One file: where it comes from, and where it goes, relative to the root of the machine."""

    source: Path
    target: PurePosixPath


@dataclass(frozen=True, slots=True)
class Role:
    """What a machine is for.

    Attributes:
        name: as people type it.
        user: whose processes run.
        files: names in `source_folder`.
        programs: names in `PROGRAMS`.
    """

    name: str
    user: str
    files: tuple[str, ...]
    programs: tuple[str, ...]


SERVER = Role(
    "server",
    "hailong-fleet",
    (
        "hailong-fleet.sysusers.conf",
        "hailong-fleet.tmpfiles.conf",
        "hailong-broker.service",
        "hailong-broker-auth.service",
        "hailong-est.service",
        "hailong-ingest.service",
        "hailong-jobs.service",
        "hailong-web.service",
        "hailong-fleet-backup.service",
        "hailong-fleet-backup.timer",
        "nginx-example.conf",
    ),
    ("hailong-fleet", "hailong-provision"),
)

BROKER = Role(
    "broker",
    "hailong-nats",
    ("hailong-nats.sysusers.conf", "hailong-nats.tmpfiles.conf", "hailong-nats.service"),
    ("hailong-fleet", "nats-server", "hailong-provision"),
)

ROLES = {role.name: role for role in (SERVER, BROKER)}


def source_folder() -> Path:
    """Return where the files lie: beside this one in a wheel, else in a checkout."""
    packed = Path(__file__).with_name("systemd")
    return packed if packed.is_dir() else Path(__file__).parents[2] / "systemd"


def items(role: Role) -> Iterator[Item]:
    """Yield the files of a server or of a broker's node."""
    return (_item(name) for name in role.files)


def terminal_items() -> Iterator[Item]:
    """Yield the files of a terminal."""
    others = {name for role in ROLES.values() for name in role.files} | {"README.md"}
    names = sorted(path.name for path in source_folder().iterdir() if path.is_file())
    return (_item(name) for name in names if name not in others)


def _item(name: str) -> Item:
    end, place = next(
        ((end, place) for end, place in _PLACES.items() if name.endswith(end)), ("", _UNITS)
    )
    # The folders of sysusers and tmpfiles want a name that says whose it is, and .conf.
    shown = name.removesuffix(end) + ".conf" if end.count(".") == 2 else name
    return Item(source_folder() / name, PurePosixPath(place, shown))
