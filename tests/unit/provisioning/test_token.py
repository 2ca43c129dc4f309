"""The root's key on a PKCS#11 token: SoftHSM, which every program takes for a real one."""

import os
from pathlib import Path

import pytest

from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import token
from tests.fakes.processes import PROVISION, run
from tests.unit.provisioning.conftest import PASSPHRASE, passphrase

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN, SECURITY_OFFICER = "482915", "77712345"
LABEL = "Hailong root (1/2)"


class Desk:
    """A fleet directory, and a token beside it."""

    def __init__(self, folder: Path) -> None:
        self.layout = FleetLayout(folder / "offline")
        (folder / "tokens").mkdir()
        (folder / "softhsm.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
        self.env = {**os.environ, "SOFTHSM2_CONF": str(folder / "softhsm.conf")}
        self.secrets = [*passphrase(folder), *passphrase(folder, PIN, "pin")]
        run("softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN,
            "--so-pin", SECURITY_OFFICER, env=self.env)  # fmt: skip

    def ca(self, action: str, *words: str, secrets: list[str] | None = None) -> str:
        """Run a command to its end; return what it printed, errors too."""
        command = [PROVISION, "ca", action, "--dir", str(self.layout.directory), *words]
        done = run(*command, *(secrets or self.secrets), check=False, env=self.env)
        return f"{done.returncode}\n{done.stdout}{done.stderr}"

    def init(self, label: str = LABEL, **more: list[str]) -> str:
        return self.ca("init", "--token", label, "--pkcs11-module", MODULE, **more)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Somebody's desk with a token plugged in."""
    return Desk(tmp_path)


def verify(layout: FleetLayout) -> str:
    return run(
        *("openssl", "verify", "-crl_check_all", "-CAfile", layout.root_certificate),
        *("-CRLfile", layout.crl_chain, layout.issuing_certificate),
    ).stdout


def test_a_root_on_a_token_makes_and_renews_and_ends_an_issuing_ca(desk: Desk) -> None:
    assert desk.init().startswith("0\n")
    assert not desk.layout.root_key.exists()
    assert verify(desk.layout).endswith("OK\n")
    opened = desk.secrets[:2]
    assert desk.ca("renew").startswith("0\n")
    assert verify(desk.layout).endswith("OK\n")
    assert "issuing CA: 2 certificates" in desk.ca("revoke", "--issuing")
    assert desk.ca("renew").startswith("0\n")
    assert verify(desk.layout).endswith("OK\n")
    assert desk.ca("crl", secrets=opened).startswith("0\n")


def test_the_key_can_not_be_read_from_the_token(desk: Desk) -> None:
    desk.init()
    words = ["pkcs11-tool", "--module", MODULE, "--token-label", LABEL, "--login", "--pin", PIN]
    shown = run(*words, "--list-objects", "--type", "privkey", env=desk.env).stdout
    assert token.LABEL in shown
    assert "never extractable" in shown


def test_a_token_that_is_not_there_is_one_sentence(desk: Desk) -> None:
    assert "plugged in" in desk.init(label="another")
    assert not desk.layout.root_certificate.exists()


def test_a_wrong_pin_is_one_sentence(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "wrong").mkdir()
    wrong = [*passphrase(tmp_path), *passphrase(tmp_path / "wrong", "111111", "pin")]
    said = desk.init(secrets=wrong)
    assert "not its PIN" in said
    assert "111111" not in said
    assert said.count("\n") == 2


def test_another_token_of_the_same_name_is_not_believed(desk: Desk, tmp_path: Path) -> None:
    desk.init()
    (tmp_path / "other").mkdir()
    other = Desk(tmp_path / "other")
    desk.env = other.env
    assert "does not hold this fleet's root" in desk.ca("renew")


def test_a_module_that_is_none_is_one_sentence(desk: Desk) -> None:
    said = desk.ca("init", "--token", LABEL, "--pkcs11-module", "/nowhere.so")
    assert said.startswith("1\nhailong-provision: token")
    assert said.count("\n") == 2


def test_module_and_token_go_together(desk: Desk) -> None:
    assert "together" in desk.ca("init", "--token", LABEL)


def test_with_a_token_the_other_keys_have_their_passphrase(desk: Desk) -> None:
    desk.init()
    for path in (desk.layout.issuing_key, desk.layout.fleet_key):
        run("openssl", "pkey", "-in", path, "-noout", "-passin", f"pass:{PASSPHRASE}")


def test_an_address_is_read_as_it_was_written() -> None:
    where = token.Place(Path("/usr/lib/a b/x.so"), "Mã thông báo; 1/2?", b"\x00\xff;")
    assert token.place(where.address) == where


@pytest.mark.parametrize("text", ["", "pkcs11:token=x", "http://x?module-path=/m", "pkcs11:id=%01"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ProvisioningError, match="RFC 7512"):
        token.place(text)
