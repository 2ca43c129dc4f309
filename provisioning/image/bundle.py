"""The update bundle: the same root as on the card, for RAUC, signed by the fleet's update key."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from provisioning.programs import call

_MANIFEST = """\
[update]
compatible=hailong-terminal
version={version}

[bundle]
format=verity

[image.rootfs]
filename=rootfs.img
"""


def make(root: Path, version: str, target: Path, certificate: Path, key: bytes) -> None:
    """Make the bundle ``target`` from the squashfs file ``root``.

    Args:
        root: the root's file.
        version: MAJOR.MINOR.PATCH.
        target: the file to be made.
        certificate: the fleet's update certificate (PEM).
        key: its private key (PEM, without passphrase), which never lies on a disk here.

    Raises:
        ProvisioningError: RAUC refused; with what it said.
    """
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, _in_memory(key) as key_file:
        content = Path(folder) / "content"
        content.mkdir()
        (content / "manifest.raucm").write_text(_MANIFEST.format(version=version))
        # RAUC pads the file to whole blocks, so it gets a copy.
        shutil.copyfile(root, content / "rootfs.img")
        made = Path(folder) / target.name
        call("rauc", "bundle", "--cert", certificate, "--key", key_file, content, made)
        made.replace(target)


@contextmanager
def _in_memory(data: bytes) -> Iterator[Path]:
    """Give a path that our children can read ``data`` by, as long as we are here."""
    descriptor = os.memfd_create("key")
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        yield Path(f"/proc/{os.getpid()}/fd/{descriptor}")
