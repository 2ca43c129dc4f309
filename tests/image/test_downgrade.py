"""The image's own RAUC, under emulation of its processor alone, takes nothing older than the image.

RAUC of the machine that builds may be too old to know of a least version.
"""

import re
import subprocess
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from device.updates.rauc import RaucError
from provisioning.image import build, program
from provisioning.layout import FleetLayout
from provisioning.pki import authority
from tests.fakes.rauc import RealRauc, bundle

pytestmark = pytest.mark.image


@pytest.fixture
def tree(image: Path, tmp_path: Path) -> Path:
    """What RAUC needs of the image's root: itself, its libraries, its configuration."""
    tree = tmp_path / "tree"
    words = ["usr/bin/rauc", "usr/lib/aarch64-linux-gnu", "usr/lib/ld-linux-aarch64.so.1"]
    unsquash = ["unsquashfs", "-q", "-n", "-d", tree, image / build.names()[1]]
    subprocess.run([*unsquash, *words, "lib", "etc/rauc"], check=True)
    return tree


def test_a_signed_bundle_older_than_the_image_is_refused_before_a_byte_is_written(
    tree: Path, tmp_path: Path
) -> None:
    floor = re.search(
        "(?m)^min-bundle-version=(.*)$", (tree / "etc/rauc/system.conf").read_text("utf-8")
    )
    assert floor
    assert floor[1] == program.version()
    layout = FleetLayout(tmp_path / "fleet")
    authority.create(layout, "Test", datetime.now(UTC))
    words = ("qemu-aarch64-static", "-L", str(tree), str(tree / "usr/bin/rauc"))
    (tmp_path / "machine").mkdir()
    with ExitStack() as stack:
        root = layout.root_certificate
        real = RealRauc(tmp_path / "machine", root, stack, words, floor[0])
        before = (real.folder / "B.img").read_bytes()
        with pytest.raises(RaucError, match=f"Expected at least '{floor[1]}'"):
            real.rauc.install(bundle(tmp_path / "old.raucb", layout, "0.0.9"))
        assert (real.folder / "B.img").read_bytes() == before
        real.rauc.install(bundle(tmp_path / "same.raucb", layout, floor[1]))
        assert (real.folder / "B.img").read_bytes() != before
