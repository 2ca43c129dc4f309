"""The smaller parts of the build: what it lists."""

import json
from pathlib import Path

import pytest

from provisioning import cli
from provisioning.errors import ProvisioningError
from provisioning.image import base, program, sbom

STATUS = """\
Package: iwd
Status: install ok installed
Version: 3.8-1
Description: wireless
 more: of it

Package: gone
Status: deinstall ok config-files
Version: 1
"""


def test_the_bill_of_materials_names_what_is_installed_and_the_hashes_of_the_lock(
    tmp_path: Path,
) -> None:
    (tmp_path / "status").write_text(STATUS)
    (tmp_path / "lock").write_text(f"cffi==2.1.1 ; x \\\n    --hash=sha256:{'a' * 64}\n    # via\n")
    debs = sbom.debian(tmp_path / "status")
    text = sbom.document("0.1.0", 1_764_000_000, debs, tmp_path / "lock")
    assert text == sbom.document("0.1.0", 1_764_000_000, debs, tmp_path / "lock")
    bill = json.loads(text)
    assert bill["specVersion"] == "1.6"
    parts = {part["purl"]: part for part in bill["components"]}
    assert parts.keys() == {"pkg:deb/debian/iwd@3.8-1?arch=arm64", "pkg:pypi/cffi@2.1.1"}
    assert parts["pkg:pypi/cffi@2.1.1"]["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]


def test_every_package_of_the_terminals_lock_is_in_the_bill() -> None:
    named = sbom.python(program.LOCK)
    assert {"cryptography", "pygame-ce", "paho-mqtt"} <= set(named)


def test_the_base_is_kept_by_what_it_is_made_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAILONG_CACHE", str(tmp_path))
    before = base.path()
    assert before.parent == tmp_path / "image"
    for part, other in (("SUITE", "forky"), ("_COMPONENTS", "main"), ("_EPOCH", "1")):
        with monkeypatch.context() as changed:
            changed.setattr(base, part, other)
            assert base.path() != before


def test_the_base_needs_root_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(ProvisioningError, match="as root"):
        base.make(tmp_path / "base.tar", tmp_path, base.Mirrors())


def test_outside_of_a_checkout_there_is_no_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "LOCK", tmp_path / "terminal.txt")
    with pytest.raises(ProvisioningError, match="in a checkout"):
        program.install(tmp_path, tmp_path, tmp_path, {})


def test_help_teaches_what_the_build_leaves(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["image", "build", "--help"])
    assert "bill of materials" in capsys.readouterr().out


def test_the_archive_is_the_one_of_this_machine_unless_another_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    apt = b"Debian x-updates http://own/debian\nDebian x http://own/debian\nDebian x-security http://own/sec\n"
    monkeypatch.setattr(base, "call", lambda *_words: apt)
    own, _, security = base._sources(base.Mirrors())
    assert " http://own/debian trixie " in own
    assert " http://own/sec trixie-security " in security
    other, _, security = base._sources(base.Mirrors(archive="http://other"))
    assert " http://other trixie " in other
    assert " http://own/sec trixie-security " in security
    monkeypatch.setattr(base, "call", lambda *_words: b"Ubuntu noble http://own/ubuntu\n")
    with pytest.raises(ProvisioningError, match="--mirror"):
        list(base._sources(base.Mirrors()))
