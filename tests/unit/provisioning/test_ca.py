"""``hailong-provision ca``: from the first key to the replacement of a stolen one."""

import hashlib
import unicodedata
from pathlib import Path

import pytest

from provisioning.cli import main
from provisioning.layout import FleetLayout
from provisioning.pki import authority, certificates, crl, files, keylist
from tests.fakes.authorities import terminal_certificate
from tests.fakes.processes import PROVISION, run
from tests.fakes.typist import typed
from tests.unit.provisioning.conftest import NOW, PASSPHRASE, passphrase

OTHER = "một câu khác dài hơn hai mươi chữ"


@pytest.fixture
def offline(tmp_path: Path) -> FleetLayout:
    """The directory of an offline CA."""
    layout = FleetLayout(tmp_path / "offline")
    assert ca(layout, "init", "--fleet", "Quận 1", *passphrase(tmp_path)) == 0
    return layout


@pytest.fixture
def server(offline: FleetLayout, tmp_path: Path) -> FleetLayout:
    """The directory of its server, which has taken what was exported for it."""
    layout = FleetLayout(tmp_path / "server")
    assert bring(offline, layout, tmp_path, "--server") == 0
    return layout


def ca(layout: FleetLayout, action: str, *words: str | Path) -> int:
    return main(["ca", action, "--dir", str(layout.directory), *(str(word) for word in words)])


def bring(source: FleetLayout, target: FleetLayout, folder: Path, *words: str) -> int:
    """Export from one and import into the other, by way of a file."""
    way = folder / f"way-{len(list(folder.glob('way-*')))}.tar"
    secret = passphrase(folder, OTHER, "server-passphrase")
    assert ca(source, "export", "--out", way, *words, *secret, *passphrase(folder)) == 0
    return ca(target, "import", way, "--passphrase-file", secret[1])


def terminal(layout: FleetLayout, name: str = "t-1") -> Path:
    return terminal_certificate(layout, name, NOW)


def verdict(layout: FleetLayout, certificate: Path, chain: Path | None = None) -> str:
    """What OpenSSL says, given what a server of this directory trusts and has revoked."""
    sent = ["-untrusted", chain] if chain else []
    result = run(
        *("openssl", "verify", "-crl_check_all", "-CAfile", layout.ca_chain),
        *("-CRLfile", layout.crl_chain, *sent, certificate),
        check=False,
    )
    return result.stdout + result.stderr


def said(capsys: pytest.CaptureFixture[str]) -> str:
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    return error


def test_every_key_of_an_offline_ca_has_the_passphrase(offline: FleetLayout) -> None:
    keys = [*offline.pki.glob("*.key"), *offline.keys.glob("*.key")]
    assert {path.name for path in keys} == {
        *("root.key", "issuing.key", "fleet.key", "update.key", "receipt.key", "control.key")
    }
    for path in keys:
        assert path.stat().st_mode & 0o777 == 0o600
        assert b"BEGIN ENCRYPTED PRIVATE KEY" in path.read_bytes()
        run("openssl", "pkey", "-in", path, "-noout", "-passin", f"pass:{PASSPHRASE}")


def test_a_fleet_without_a_key_for_updates_gets_one_under_the_same_passphrase(
    offline: FleetLayout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    former = offline.update_certificate.read_bytes()
    assert ca(offline, "update-key", *passphrase(tmp_path)) == 1
    assert "exists already" in capsys.readouterr().err
    offline.update_key.unlink()
    assert ca(offline, "update-key", *passphrase(tmp_path)) == 0
    assert offline.update_certificate.read_bytes() != former
    run("openssl", "pkey", "-in", offline.update_key, "-noout", "-passin", f"pass:{PASSPHRASE}")
    run("openssl", "verify", "-CAfile", offline.root_certificate, offline.update_certificate)


def test_the_fingerprint_that_is_read_aloud_is_the_one_of_openssl(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layout = FleetLayout(tmp_path / "f")
    assert ca(layout, "init", *passphrase(tmp_path)) == 0
    shown = run("openssl", "x509", "-in", layout.root_certificate, "-noout", "-fingerprint",
                "-sha256")  # fmt: skip
    assert shown.stdout.strip().split("=")[1] in capsys.readouterr().out


def test_a_second_root_is_refused_before_a_passphrase_is_asked(
    offline: FleetLayout, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert ca(offline, "init") == 1
    assert "exists already" in said(capsys)


@pytest.mark.parametrize(
    ("content", "mode", "complaint"),
    [
        (b"short\n", 0o600, "at least 20 characters"),
        (b"x" * 30, 0o644, "others can read it"),
        (b"", 0o600, "holds no passphrase"),
        (b"two lines are\nno passphrase\n", 0o600, "holds no passphrase"),
        (b"\xff" * 30, 0o600, "holds no passphrase"),
    ],
)
def test_a_passphrase_file_that_will_not_do_is_refused(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
    mode: int,
    complaint: str,
) -> None:
    file = tmp_path / "p"
    file.write_bytes(content)
    file.chmod(mode)
    assert ca(FleetLayout(tmp_path / "f"), "init", "--passphrase-file", file) == 1
    assert complaint in said(capsys)
    assert not (tmp_path / "f").exists()


def test_where_nobody_can_be_asked_the_option_is_named(
    offline: FleetLayout, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert ca(offline, "crl") == 1
    assert "--passphrase-file" in said(capsys)


def test_a_wrong_passphrase_is_one_sentence_that_does_not_repeat_it(
    offline: FleetLayout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert ca(offline, "crl", *passphrase(tmp_path, OTHER)) == 1
    error = said(capsys)
    assert "not its passphrase" in error
    assert OTHER not in error


def test_a_server_set_has_no_offline_key_and_no_plain_one(
    offline: FleetLayout, tmp_path: Path
) -> None:
    out = tmp_path / "set"
    secret = passphrase(tmp_path, OTHER, "server-passphrase")
    assert ca(offline, "export", "--server", "--out", out, *secret, *passphrase(tmp_path)) == 0
    names = {path.name for path in out.rglob("*") if path.is_file()}
    assert names == {
        *("root.crt", "issuing.crt", "root.crl", "fleet.pub", "keylist.jws"),
        *("issuing.key", "receipt.key", "control.key"),
    }
    for key in out.rglob("*.key"):
        assert key.stat().st_mode & 0o777 == 0o600
        run("openssl", "pkey", "-in", key, "-noout", "-passin", f"pass:{OTHER}")


def test_the_public_set_has_no_key_and_is_printed_as_sha256sum_reads_it(
    offline: FleetLayout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert ca(offline, "export", "--out", tmp_path / "public") == 0
    assert not list((tmp_path / "public").rglob("*.key"))
    printed = capsys.readouterr().out
    assert run("sha256sum", "--check", "--strict", input=printed).stdout.count(": OK") == 8


def test_the_same_papers_make_the_same_tar_file(offline: FleetLayout, tmp_path: Path) -> None:
    for name in ("a.tar", "b.tar"):
        assert ca(offline, "export", "--out", tmp_path / name) == 0
    first, second = (
        hashlib.sha256((tmp_path / name).read_bytes()).digest() for name in ("a.tar", "b.tar")
    )
    assert first == second


def test_nothing_is_exported_over_something(
    offline: FleetLayout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert ca(offline, "export", "--out", tmp_path) == 1
    assert "exists already" in said(capsys)


def test_a_server_takes_its_set_and_issues_with_it(server: FleetLayout) -> None:
    assert not server.root_key.exists()
    assert not server.fleet_key.exists()
    assert {path.stat().st_mode & 0o777 for path in server.directory.rglob("*.key")} == {0o600}
    assert verdict(server, terminal(server)).endswith("OK\n")
    assert keylist.load(server.receipt_key)


def test_a_renewed_issuing_ca_needs_nothing_of_terminals(
    offline: FleetLayout, server: FleetLayout, tmp_path: Path
) -> None:
    before, former = terminal(server), tmp_path / "former.crt"
    former.write_bytes(server.issuing_certificate.read_bytes())
    assert ca(offline, "renew", *passphrase(tmp_path)) == 0
    assert bring(offline, server, tmp_path) == 0
    assert former.read_bytes() != server.issuing_certificate.read_bytes()
    assert verdict(server, before).endswith("OK\n")
    assert verdict(server, before, chain=former).endswith("OK\n")
    assert verdict(server, terminal(server, "t-2"), chain=former).endswith("OK\n")


def test_who_was_revoked_stays_so_when_the_issuing_ca_is_renewed(
    offline: FleetLayout, server: FleetLayout, tmp_path: Path
) -> None:
    lost = terminal(server)
    assert ca(server, "revoke", "--terminal", "t-1") == 0
    assert ca(offline, "renew", *passphrase(tmp_path)) == 0
    assert bring(offline, server, tmp_path, "--server") == 0
    assert "certificate revoked" in verdict(server, lost)


def test_a_revoked_issuing_ca_takes_all_with_it_and_another_begins(
    offline: FleetLayout, server: FleetLayout, tmp_path: Path
) -> None:
    before, former = terminal(server), tmp_path / "former.crt"
    former.write_bytes(server.issuing_certificate.read_bytes())
    assert ca(offline, "revoke", "--issuing", *passphrase(tmp_path)) == 0
    assert ca(offline, "renew", *passphrase(tmp_path)) == 0
    assert bring(offline, server, tmp_path, "--server") == 0
    assert "OK" not in verdict(server, before, chain=former)
    revoked = crl.Revoked(server).listed()
    assert files.read_certificate(before) in revoked
    after = terminal(server, "t-2")
    assert files.read_certificate(after) not in revoked
    assert verdict(server, after).endswith("OK\n")
    name = certificates.common_name(files.read_certificate(server.issuing_certificate))
    assert name == "Hailong issuing CA 2"


def test_every_certificate_of_the_issuing_ca_is_revoked(
    offline: FleetLayout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ca(offline, "renew", *passphrase(tmp_path)) == 0
    capsys.readouterr()
    assert ca(offline, "revoke", "--issuing", *passphrase(tmp_path)) == 0
    assert "issuing CA: 2 certificates" in capsys.readouterr().out


def test_one_certificate_of_a_server_is_revoked(server: FleetLayout) -> None:
    words = ["server-cert", "--dir", str(server.directory), "--name", "fleet.example"]
    assert main(words) == 0
    old = server.directory / "old.crt"
    old.write_bytes(server.server_certificate.read_bytes())
    assert main(words) == 0
    assert ca(server, "revoke", "--certificate", old) == 0
    assert "certificate revoked" in verdict(server, old)
    assert verdict(server, server.server_certificate).endswith("OK\n")


def test_a_certificate_of_somebody_else_can_not_be_revoked(
    server: FleetLayout, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert ca(server, "revoke", "--certificate", server.issuing_certificate) == 1
    assert "not signed by" in said(capsys)


def test_a_server_can_neither_renew_nor_revoke_its_own_ca(
    server: FleetLayout, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["renew"], ["revoke", "--issuing"]):
        capsys.readouterr()
        assert ca(server, *words) == 1
        assert "where the offline keys are" in said(capsys)


def test_a_wrong_name_is_refused(server: FleetLayout, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert ca(server, "revoke", "--terminal", "../../x") == 2
    assert "a terminal id is" in said(capsys)


def test_another_fleets_set_is_refused(
    server: FleetLayout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = FleetLayout(tmp_path / "other")
    assert ca(other, "init", *passphrase(tmp_path)) == 0
    before = server.ca_chain.read_bytes()
    capsys.readouterr()
    assert bring(other, server, tmp_path, "--server") == 1
    assert "another fleet's" in said(capsys)
    assert server.ca_chain.read_bytes() == before


@pytest.mark.parametrize("action", [["revoke", "--issuing"], ["key-list"]])
def test_an_older_set_is_refused(
    offline: FleetLayout,
    server: FleetLayout,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    action: list[str],
) -> None:
    old = tmp_path / "old.tar"
    assert ca(offline, "export", "--out", old) == 0
    place = ["--dir", str(offline.directory), *passphrase(tmp_path)]
    assert main([*(["ca"] if action[0] == "revoke" else []), *action, *place]) == 0
    assert ca(offline, "renew", *passphrase(tmp_path)) == 0
    assert bring(offline, server, tmp_path, "--server") == 0
    capsys.readouterr()
    assert ca(server, "import", old) == 1
    assert "older than what is here" in said(capsys)


def test_a_set_of_a_revoked_issuing_ca_is_refused(
    offline: FleetLayout, server: FleetLayout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ca(offline, "revoke", "--issuing", *passphrase(tmp_path)) == 0
    capsys.readouterr()
    assert bring(offline, server, tmp_path) == 1
    assert "ca renew" in said(capsys)


def test_keys_that_changed_must_come_along(
    offline: FleetLayout, server: FleetLayout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--dir", str(offline.directory), *passphrase(tmp_path)]
    assert main(["key-list", "--replace", "control", *place]) == 0
    capsys.readouterr()
    assert bring(offline, server, tmp_path) == 1
    assert "--server" in said(capsys)
    assert bring(offline, server, tmp_path, "--server") == 0


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ("pki/root.crt", "not ones of the same fleet"),
        ("pki/issuing.crt", "not ones of the same fleet"),
        ("pki/root.crl", "not signed by its root"),
        ("pki/fleet.pub", "can't be believed"),
        ("keys/keylist.jws", "can't be believed"),
        ("keys/receipt.key", "does not name this receipt key"),
        ("pki/issuing.key", "another key now"),
    ],
)
def test_a_set_with_one_paper_of_another_fleet_is_refused(
    offline: FleetLayout,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    changed: str,
    complaint: str,
) -> None:
    other, target = FleetLayout(tmp_path / "other"), FleetLayout(tmp_path / "server")
    assert ca(other, "init", *passphrase(tmp_path)) == 0
    (offline.directory / changed).write_bytes((other.directory / changed).read_bytes())
    capsys.readouterr()
    assert ca(target, "import", offline.directory, *passphrase(tmp_path)) == 1
    assert complaint in said(capsys)
    assert not target.directory.exists()


@pytest.mark.parametrize("which", ["nonsense", "another fleet's"])
def test_a_machine_without_keys_believes_no_list_of_somebody_else(
    offline: FleetLayout, tmp_path: Path, capsys: pytest.CaptureFixture[str], which: str
) -> None:
    out, target = tmp_path / "set", FleetLayout(tmp_path / "watch")
    other = FleetLayout(tmp_path / "other")
    assert ca(other, "init", *passphrase(tmp_path)) == 0
    assert ca(offline, "export", "--out", out) == 0
    text = b"nonsense" if which == "nonsense" else other.issuing_crl.read_bytes()
    (out / "pki" / "issuing.crl").write_bytes(text)
    capsys.readouterr()
    assert ca(target, "import", out) == 1
    assert "the set's issuing.crl" in said(capsys)
    assert not target.directory.exists()


@pytest.mark.parametrize("content", [b"", b"nonsense" * 200, b"\0" * 10_240])
def test_what_is_no_set_is_refused(
    server: FleetLayout, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    file = tmp_path / "x.tar"
    file.write_bytes(content)
    capsys.readouterr()
    assert ca(server, "import", file) == 1
    assert str(file) in said(capsys)


def test_an_offline_key_in_a_set_is_left_where_it_is(offline: FleetLayout, tmp_path: Path) -> None:
    target = FleetLayout(tmp_path / "server")
    source = offline.directory
    assert ca(target, "import", source, *passphrase(tmp_path)) == 0
    assert not target.root_key.exists()
    assert not target.fleet_key.exists()


def test_a_machine_without_keys_takes_the_newest_list(offline: FleetLayout, tmp_path: Path) -> None:
    target = FleetLayout(tmp_path / "watch")
    old = tmp_path / "old.tar"
    assert ca(offline, "export", "--out", old) == 0
    assert ca(offline, "crl", *passphrase(tmp_path)) == 0
    for _ in range(2):
        assert bring(offline, target, tmp_path) == 0
        assert target.issuing_crl.read_bytes() == offline.issuing_crl.read_bytes()
        assert ca(target, "import", old) == 0
    assert target.issuing_crl.read_bytes() == offline.issuing_crl.read_bytes()
    assert not target.issuing_key.exists()


def test_the_passphrase_of_all_keys_is_changed(offline: FleetLayout, tmp_path: Path) -> None:
    new = passphrase(tmp_path, OTHER, "new-passphrase")
    assert ca(offline, "passphrase", *passphrase(tmp_path), *new) == 0
    for path in offline.directory.rglob("*.key"):
        run("openssl", "pkey", "-in", path, "-noout", "-passin", f"pass:{OTHER}")
    assert ca(offline, "renew", "--passphrase-file", new[1]) == 0


def test_a_wrong_passphrase_changes_no_key(offline: FleetLayout, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in offline.directory.rglob("*.key")}
    new = passphrase(tmp_path, OTHER, "new-passphrase")
    assert ca(offline, "passphrase", "--passphrase-file", new[1], *new) == 1
    assert before == {path: path.read_bytes() for path in offline.directory.rglob("*.key")}


def test_the_offline_keys_of_a_fleet_made_at_once_get_one(
    layout: FleetLayout, tmp_path: Path
) -> None:
    assert ca(layout, "passphrase", *passphrase(tmp_path, OTHER, "new-passphrase")) == 0
    assert files.is_locked(layout.root_key)
    assert files.is_locked(layout.fleet_key)
    assert authority.load_issuing(layout)


def test_a_directory_without_offline_keys_says_so(
    server: FleetLayout, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert ca(server, "passphrase") == 1
    assert "none of the offline keys" in said(capsys)


def test_who_types_a_new_passphrase_does_so_twice(tmp_path: Path) -> None:
    assert typed_init(tmp_path / "a", PASSPHRASE, PASSPHRASE)[0] == 0
    code, shown = typed_init(tmp_path / "b", PASSPHRASE, OTHER)
    assert code == 1
    assert "the second was not the first" in shown
    assert PASSPHRASE not in shown
    assert not (tmp_path / "b").exists()


def test_who_types_nothing_is_told_so(tmp_path: Path) -> None:
    code, shown = typed_init(tmp_path / "a", "\x04")
    assert code == 1
    assert "nothing that can be read was typed" in shown


def test_a_passphrase_is_the_same_however_a_keyboard_makes_its_accents(
    offline: FleetLayout, tmp_path: Path
) -> None:
    apart = unicodedata.normalize("NFD", PASSPHRASE)
    assert apart != PASSPHRASE
    assert ca(offline, "crl", *passphrase(tmp_path, apart)) == 0


def typed_init(directory: Path, *answers: str) -> tuple[int, str]:
    left = iter(answers)
    words = [PROVISION, "ca", "init", "--dir", str(directory)]
    return typed(words, lambda line: next(left) if "assphrase" in line or "again" in line else None)
