"""The update bundle: RAUC itself reads it, and takes it from its signer alone."""

import random
import re
import subprocess
from pathlib import Path

import pytest

from provisioning.errors import ProvisioningError
from provisioning.image import bundle
from tests.unit.provisioning.image.signers import Signer


@pytest.fixture
def root(tmp_path: Path) -> Path:
    # Noise, as it can't be packed smaller: a verity bundle has a least size.
    root = tmp_path / "root.squashfs"
    root.write_bytes(random.Random(1).randbytes(100_000))
    return root


def info(path: Path, signer: Signer) -> "subprocess.CompletedProcess[str]":
    """Ask RAUC, by the image's own configuration but for the place of the keyring."""
    own = (Path(bundle.__file__).parent / "files/etc/rauc/system.conf").read_text()
    conf = path.with_name("system.conf")
    conf.write_text(re.sub("(?m)^path=.*$", f"path={signer.certificate}", own))
    command = ["rauc", f"--conf={conf}", "info", path]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_bundle_names_the_terminal_and_its_version_and_is_of_the_verity_kind(
    root: Path, tmp_path: Path
) -> None:
    signer = Signer(tmp_path, "update")
    bundle.make(root, "0.1.0", tmp_path / "out.raucb", signer.certificate, signer.key)
    said = info(tmp_path / "out.raucb", signer)
    assert said.returncode == 0, said.stderr
    assert "Compatible: \t'hailong-terminal'" in said.stdout
    assert "Version:    \t'0.1.0'" in said.stdout
    assert "Bundle Format: \tverity" in said.stdout
    assert info(tmp_path / "out.raucb", Signer(tmp_path, "other")).returncode != 0


def test_a_key_that_does_not_fit_is_told_in_raucs_words_and_leaves_no_bundle(
    root: Path, tmp_path: Path
) -> None:
    signer, other = Signer(tmp_path, "update"), Signer(tmp_path, "other")
    with pytest.raises(ProvisioningError, match="rauc failed"):
        bundle.make(root, "0.1.0", tmp_path / "out.raucb", signer.certificate, other.key)
    assert not (tmp_path / "out.raucb").exists()
