"""Puts the files of a role in place, under any root; nothing that is there gets lost.

First a plan, which changes nothing and can be shown, then the plan carried out. A file that is
there and differs is kept beside the new one as ``NAME.~1~``, ``NAME.~2~`` and so on.
"""

import os
import stat
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from provisioning.errors import ProvisioningError
from provisioning.server import payload
from provisioning.server.payload import Item, Role
from wire.files import write_atomic

State = Literal["new", "same", "changed"]
READABLE = 0o644
PRIVATE = 0o600
NODE_FILES = ("nats.conf", "pins.conf", "node.key", "node.crt", "ca-chain.pem")
"""What `provisioning.broker.nodes` writes for a node."""


@dataclass(frozen=True, slots=True)
class Placement:
    """One file and what happens to it.

    Attributes:
        target: where it goes, with the root before it.
    """

    source: Path
    target: Path
    mode: int
    state: State


def plan(root: Path, roles: Sequence[Role], node: Path | None = None) -> list[Placement]:
    """Return what would be written; ``node`` is the folder of a broker's node to be carried in.

    Raises:
        ProvisioningError: that folder is not one.
    """
    found = [_placement(root, item) for role in roles for item in payload.items(role)]
    return [*found, *_node(root, node)] if node else found


def write(placement: Placement) -> Path | None:
    """Write one file, and return where the one before it is kept, if there was another."""
    if placement.state == "same":
        return None
    kept = _keep(placement) if placement.state == "changed" else None
    placement.target.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(placement.target, placement.source.read_bytes(), placement.mode)
    return kept


def prepare(root: Path, roles: Sequence[Role]) -> Iterator[list[str]]:
    """Yield the commands that make users and directories, to be run in this order."""
    under = [] if root == Path("/") else [f"--root={root}"]
    targets = [item.target for role in roles for item in payload.items(role)]
    for folder, words in (
        ("etc/sysusers.d", ["systemd-sysusers"]),
        ("etc/tmpfiles.d", ["systemd-tmpfiles", "--create"]),
    ):
        # By name alone: under another root a path would be looked for on this machine.
        files = [target.name for target in targets if str(target.parent) == folder]
        yield [*words, *under, *files]


def run(words: Sequence[str]) -> None:
    """Run one command.

    Raises:
        ProvisioningError: it is not there, or failed; with what it said.
    """
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words, no shell
    except FileNotFoundError:
        raise ProvisioningError(
            f"{words[0]} is not here; this needs Debian 12 or 13, or another system with systemd"
        ) from None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise ProvisioningError(f"{' '.join(words)}: failed: {said}")


def inside(root: Path, path: PurePosixPath) -> Path:
    """Return where an absolute path of a machine lies under its root."""
    return root / path.relative_to("/")


def _placement(root: Path, item: Item) -> Placement:
    return _compared(item.source, root / item.target, READABLE)


def _node(root: Path, folder: Path) -> Iterator[Placement]:
    for name in NODE_FILES:
        if not (folder / name).is_file():
            raise ProvisioningError(
                f"{folder / name}: is not there; make the node's folder with: hailong-provision "
                "broker-config --cluster …"
            )
        target = inside(root, payload.NODE) / name
        yield _compared(folder / name, target, PRIVATE)


def _compared(source: Path, target: Path, mode: int) -> Placement:
    if not os.path.lexists(target):
        return Placement(source, target, mode, "new")
    same = _read(target) == source.read_bytes()
    return Placement(source, target, mode, "same" if same else "changed")


def _read(target: Path) -> bytes:
    """Return what a file in place holds; a node's folder is its user's, who may put links there."""
    try:
        opened = os.open(target, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise ProvisioningError(f"{target}: is no plain file ({error.strerror})") from None
    with os.fdopen(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise ProvisioningError(f"{target}: is no plain file; look why, and move it away")
        return file.read()


def _keep(placement: Placement) -> Path:
    path, number = placement.target, 1
    while os.path.lexists(kept := path.with_name(f"{path.name}.~{number}~")):
        number += 1
    write_atomic(kept, _read(path), placement.mode)
    return kept
