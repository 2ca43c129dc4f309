"""``hailong-fleet init --ca``: a fleet whose authorities were made offline."""

from pathlib import Path

import pytest

from fleet_server.cli import main
from provisioning.cli import main as provision
from provisioning.layout import FleetLayout
from provisioning.pki import authority, files
from tests.fakes.processes import run
from tests.unit.provisioning.conftest import passphrase

WAY = "một câu khác dài hơn hai mươi chữ"


class Ceremony:
    """An offline CA, and what it exported for a server."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.offline = folder, FleetLayout(folder / "offline")
        self.server = FleetLayout(folder / "server")
        assert provision(["ca", "init", *self.place(), *passphrase(folder)]) == 0

    def place(self) -> list[str]:
        return ["--dir", str(self.offline.directory)]

    def export(self, *more: str) -> str:
        out = str(self.folder / "set.tar")
        words = [*passphrase(self.folder), *passphrase(self.folder, WAY, "server-passphrase")]
        assert provision(["ca", "export", *self.place(), "--out", out, *words, *more]) == 0
        return out

    def init(self, given: str, secret: str = WAY) -> int:
        words = ["init", "--dir", str(self.server.directory), "--host", "fleet.example"]
        return main([*words, "--ca", given, *passphrase(self.folder, secret)])


@pytest.fixture
def ceremony(tmp_path: Path) -> Ceremony:
    """A ceremony of this test's own."""
    return Ceremony(tmp_path)


def test_a_fleet_begins_with_authorities_of_elsewhere(ceremony: Ceremony) -> None:
    assert ceremony.init(ceremony.export("--server")) == 0
    server = ceremony.server
    root = files.read_certificate(ceremony.offline.root_certificate)
    assert files.read_certificate(server.root_certificate) == root
    assert not server.root_key.exists()
    assert not server.fleet_key.exists()
    assert authority.load_issuing(server)
    for certificate in (server.server_certificate, server.service_certificate("fleet-ingest")):
        run("openssl", "verify", "-crl_check_all", "-CAfile", server.ca_chain, "-CRLfile",
            server.crl_chain, certificate)  # fmt: skip


@pytest.mark.parametrize(
    ("more", "secret", "complaint"),
    [
        (["--server"], "x" * 30, "not its passphrase"),
        ([], WAY, "ca export --server"),
    ],
)
def test_what_can_not_be_taken_leaves_the_place_free(
    ceremony: Ceremony,
    capsys: pytest.CaptureFixture[str],
    more: list[str],
    secret: str,
    complaint: str,
) -> None:
    given = ceremony.export(*more)
    capsys.readouterr()
    assert ceremony.init(given, secret) == 1
    assert complaint in capsys.readouterr().err
    assert not list(ceremony.server.directory.iterdir())
