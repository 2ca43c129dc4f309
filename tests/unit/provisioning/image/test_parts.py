"""The smaller parts of the build: what it tells, what it calls, what it lists."""

import json
from pathlib import Path

import pytest

from provisioning import cli
from provisioning.errors import ProvisioningError
from provisioning.image import base, program, sbom
from provisioning.image.run import call
from provisioning.image.steps import Steps, line

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


def test_a_program_that_is_missing_is_told_with_what_installs_it() -> None:
    with pytest.raises(ProvisioningError, match="tools/system-packages image"):
        call("no-such-program")


def test_a_program_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(ProvisioningError, match=r"sh failed \(exit code 3\):\n  no mirror"):
        call("sh", "-c", "echo no mirror >&2; exit 3", log=log)
    assert log.read_text() == "no mirror\n"


def test_a_step_is_told_with_its_time_and_remembered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    times = iter([10.0, 14.5])
    with Steps(tmp_path / "cache" / "times.json", lambda: next(times)).step("Root"):
        pass
    assert capsys.readouterr().err.split() == ["Root", "4.5", "s"]
    assert json.loads((tmp_path / "cache/times.json").read_text()) == {"Root": 4.5}


def test_a_step_that_was_seen_before_has_a_bar_that_never_says_done_too_early() -> None:
    assert line("Root", 30, None) == f"{'Root':<34}     30 s"
    assert "[###############               ] of about 60 s" in line("Root", 30, 60)
    assert "[############################# ]" in line("Root", 90, 60)


def test_times_that_cannot_be_read_are_forgotten(tmp_path: Path) -> None:
    (tmp_path / "times.json").write_text("{")
    with Steps(tmp_path / "times.json", iter([0.0, 1.0]).__next__).step("Root"):
        pass
    assert json.loads((tmp_path / "times.json").read_text()) == {"Root": 1.0}


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
    monkeypatch.setattr(base, "SUITE", "forky")
    assert base.path() != before


def test_the_base_needs_root_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(ProvisioningError, match="as root"):
        base.make(tmp_path / "base.tar", base.Mirrors())


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
