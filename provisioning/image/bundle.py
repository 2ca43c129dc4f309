"""The update bundle: the same root as on the card, for RAUC, signed by the fleet's update key."""

import shutil
import tempfile
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


def make(root: Path, version: str, target: Path, certificate: Path, key: Path) -> None:
    """Make the bundle ``target`` from the squashfs file ``root``.

    Raises:
        ProvisioningError: RAUC refused; with what it said.
    """
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        content = Path(folder) / "content"
        content.mkdir()
        (content / "manifest.raucm").write_text(_MANIFEST.format(version=version))
        # RAUC pads the file to whole blocks, so it gets a copy.
        shutil.copyfile(root, content / "rootfs.img")
        made = Path(folder) / target.name
        call("rauc", "bundle", "--cert", certificate, "--key", key, content, made)
        made.replace(target)
