"""The update bundle: RAUC itself reads it, and takes it from its signer alone."""

import random
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from provisioning import cli
from provisioning.errors import ProvisioningError
from provisioning.image import build, bundle, manifest
from provisioning.layout import FleetLayout
from provisioning.pki import authority
from tests.unit.provisioning.image.signers import Signer


@pytest.fixture
def root(tmp_path: Path) -> Path:
    # Noise, as it can't be packed smaller: a verity bundle has a least size.
    root = tmp_path / "root.squashfs"
    root.write_bytes(random.Random(1).randbytes(100_000))
    return root


def info(path: Path, keyring: Path) -> "subprocess.CompletedProcess[str]":
    """Ask RAUC, by the image's own configuration but for the place of the keyring.

    The floor of versions is left out: RAUC before 1.12 knows none (tests/image has the own one).
    """
    own = (Path(bundle.__file__).parent / "files/etc/rauc/system.conf").read_text()
    conf = path.with_name("system.conf")
    own = re.sub("(?m)^min-bundle-version=.*$", "", own)
    conf.write_text(re.sub("(?m)^path=.*$", f"path={keyring}", own))
    command = ["rauc", f"--conf={conf}", "info", path]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_bundle_names_the_terminal_and_its_version_and_is_of_the_verity_kind(
    root: Path, tmp_path: Path
) -> None:
    signer = Signer(tmp_path, "update")
    bundle.make(root, "0.1.0", tmp_path / "out.raucb", signer.certificate, signer.key.read_bytes())
    said = info(tmp_path / "out.raucb", signer.certificate)
    assert said.returncode == 0, said.stderr
    assert "Compatible: \t'hailong-terminal'" in said.stdout
    assert "Version:    \t'0.1.0'" in said.stdout
    assert "Bundle Format: \tverity" in said.stdout
    assert info(tmp_path / "out.raucb", Signer(tmp_path, "other").certificate).returncode != 0


def test_a_key_that_does_not_fit_is_told_in_raucs_words_and_leaves_no_bundle(
    root: Path, tmp_path: Path
) -> None:
    signer, other = Signer(tmp_path, "update"), Signer(tmp_path, "other")
    with pytest.raises(ProvisioningError, match="rauc failed"):
        bundle.make(
            root, "0.1.0", tmp_path / "out.raucb", signer.certificate, other.key.read_bytes()
        )
    assert not (tmp_path / "out.raucb").exists()


def test_a_locked_key_of_a_fleet_signs_what_its_terminals_take(tmp_path: Path) -> None:
    phrase = "six words that nobody guesses"
    fleet = FleetLayout(tmp_path / "fleet")
    authority.create(fleet, "District", datetime.now(UTC), phrase.encode())
    (tmp_path / "secret").write_text(phrase)
    (tmp_path / "secret").chmod(0o600)
    folder = tmp_path / "image"
    folder.mkdir()
    squashed = folder / build.names()[1]
    squashed.write_bytes(random.Random(1).randbytes(100_000))
    notes = {squashed.name: manifest.note(squashed)}
    manifest.write(folder, manifest.Manifest("0.1.0", 1, "00", notes, {}, {}))
    words = ["--certificate", str(fleet.update_certificate), "--key", str(fleet.update_key)]
    words += ["--passphrase-file", str(tmp_path / "secret")]
    assert cli.main(["image", "bundle", str(folder), *words]) == 0
    said = info(squashed.with_suffix(".raucb"), fleet.root_certificate)
    assert said.returncode == 0, said.stderr
