"""A node of a broker's cluster, as ``hailong-provision`` writes it."""

import hashlib
import re
import stat
import subprocess
import sysconfig
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from provisioning import clock
from provisioning.broker import pins, seeds
from provisioning.broker.nodes import NodeLayout, read_hosts
from provisioning.cli import main
from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from tests.fakes.processes import run

HOSTS = "a=10.0.0.1,b=b.example,c=fd00::3"


def words(fleet: FleetLayout, out: Path, *more: str) -> list[str]:
    node = ["--cluster", HOSTS, "--out", str(out), "--name", "fleet.example"]
    return ["broker-config", "--dir", str(fleet.directory), *node, *more]


@pytest.fixture(autouse=True)
def _server_has_its_callout(layout: FleetLayout) -> None:
    seeds.ensure(layout)


@pytest.fixture
def node(layout: FleetLayout, tmp_path: Path) -> NodeLayout:
    """The folder of node b."""
    out = tmp_path / "nodes"
    assert main(words(layout, out)) == 0
    assert main(words(layout, out, "--node", "b", "--home", str(out / "b"))) == 0
    return NodeLayout(out / "b")


def test_nats_takes_a_nodes_configuration(node: NodeLayout) -> None:
    program = Path(sysconfig.get_path("scripts")) / "nats-server"
    assert "is valid" in run(program, "-t", "-c", node.config).stderr


def test_a_node_knows_itself_and_the_others_and_keeps_everything_three_times(
    node: NodeLayout,
) -> None:
    text = node.config.read_text()
    assert 'server_name: "b"' in text
    routes = '"nats://10.0.0.1:6222", "nats://b.example:6222", "nats://[fd00::3]:6222"'
    assert f"routes: [ {routes} ]" in text
    assert "stream_replicas: 3\n" in text


def test_files_lie_where_the_node_will_have_them(layout: FleetLayout, tmp_path: Path) -> None:
    assert main(words(layout, tmp_path)) == 0
    assert 'key_file: "/var/lib/hailong-nats/node.key"' in (tmp_path / "b/nats.conf").read_text()


def test_a_nodes_certificate_serves_and_asks_under_its_host_and_the_brokers_name(
    node: NodeLayout,
) -> None:
    certificate = x509.load_pem_x509_certificate(node.certificate.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    dns = names.get_values_for_type(x509.DNSName)
    assert dns == ["b.example", "fleet.example", "localhost"]
    uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert set(uses) == {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH}
    for purpose in ("sslserver", "sslclient"):
        run("openssl", "verify", "-purpose", purpose, "-CAfile", node.authorities, node.certificate)


def test_a_node_holds_its_own_key_and_no_other_secret(node: NodeLayout) -> None:
    held = sorted(path.name for path in node.directory.iterdir())
    assert held == ["ca-chain.pem", "nats.conf", "node.crt", "node.key", "pins.conf"]
    assert stat.S_IMODE(node.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(node.directory.stat().st_mode) == 0o700


def test_the_configuration_is_written_again_and_the_key_only_when_asked(
    layout: FleetLayout, node: NodeLayout
) -> None:
    key, certificate = node.key.read_bytes(), node.certificate.read_bytes()
    assert main(words(layout, node.directory.parent, "--port", "1883")) == 0
    assert "port: 1883" in node.config.read_text()
    assert (node.key.read_bytes(), node.certificate.read_bytes()) == (key, certificate)
    renewal = ["server-cert", "--dir", str(layout.directory), "--out", str(node.directory)]
    server = layout.server_certificate.read_bytes()
    assert main([*renewal, "--name", "b.example"]) == 0
    assert node.key.read_bytes() != key
    assert layout.server_certificate.read_bytes() == server


# ---- whom a node takes ----


def pinned(path: Path) -> list[str]:
    """Return the keys on a node's list, without the one that is nobody's."""
    nobody, *keys = re.findall(r'^  "([0-9a-f]{64})"$', path.read_text(), re.M)
    assert nobody == "0" * 64
    return keys


def key_of(certificate: Path) -> str:
    """Return what NATS compares, as openssl works it out."""
    public = run("openssl", "x509", "-in", certificate, "-noout", "-pubkey").stdout
    der = subprocess.run(
        ["openssl", "pkey", "-pubin", "-outform", "DER"],
        input=public.encode(), capture_output=True, check=True,
    ).stdout  # fmt: skip
    return hashlib.sha256(der).hexdigest()


def list_again(layout: FleetLayout, path: Path) -> list[str]:
    assert main(["broker-config", "--dir", str(layout.directory), "--pins", str(path)]) == 0
    return pinned(path)


def test_every_node_takes_all_three_by_their_keys(layout: FleetLayout, node: NodeLayout) -> None:
    others = [NodeLayout(node.directory.with_name(name)) for name in "abc"]
    keys = sorted(key_of(other.certificate) for other in others)
    assert all(sorted(pinned(other.pins)) == keys for other in others)
    # Terminals and ingest are none of them.
    assert key_of(layout.service_certificate("fleet-ingest")) not in keys
    told = node.pins.read_text()
    assert "# b.example, fleet.example, localhost, 127.0.0.1, ::1; until " in told
    assert told.count("; pki/issued/fleet-node/") == 3


def test_old_and_new_key_are_good_while_a_node_is_renewed(
    layout: FleetLayout, node: NodeLayout, tmp_path: Path
) -> None:
    old = key_of(node.certificate)
    renewal = ["server-cert", "--dir", str(layout.directory), "--out", str(node.directory)]
    assert main([*renewal, "--name", "b.example"]) == 0
    assert {old, key_of(node.certificate)} < set(pinned(node.pins))
    assert list_again(layout, tmp_path / "pins.conf") == pinned(node.pins)


def test_a_key_that_was_revoked_or_has_ended_is_taken_from_the_list(
    layout: FleetLayout, node: NodeLayout, tmp_path: Path
) -> None:
    stolen = key_of(node.certificate)
    [kept] = re.findall(r"b\.example.*; (pki/.*)$", node.pins.read_text(), re.M)
    revoke = ["ca", "revoke", "--dir", str(layout.directory), "--certificate"]
    assert main([*revoke, str(layout.directory / kept)]) == 0
    left = list_again(layout, tmp_path / "pins.conf")
    assert len(left) == 2
    assert stolen not in left
    # NATS would take an empty list for none, and every node with it.
    none_left = pins.text(layout, clock.now() + timedelta(days=3 * 365))
    assert f'pinned_certs: [\n  "{"0" * 64}"\n]' in none_left


def test_without_a_revocation_list_there_is_no_list_of_keys(
    layout: FleetLayout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layout.issuing_crl.unlink()
    words = ["broker-config", "--dir", str(layout.directory), "--pins", str(tmp_path / "pins")]
    assert main(words) == 1
    assert "issuing.crl: can't be read" in capsys.readouterr().err
    assert not (tmp_path / "pins").exists()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a=h1,b=h2", "must name 3 nodes"),
        ("a=h1,b=h2,c=h3,d=h4", "must name 3 nodes"),
        ("a=h1,a=h2,c=h3", "must name 3 nodes"),
        ("a=h1,b=h1,c=h3", "must name 3 nodes"),
        ("a=h1,b=h2,C=h3", "'C' must be a name"),
        ("a=h1,b=h2,=h3", "'' must be a name"),
        ("a=h1,b=h2,c=", "neither a host name"),
        ("a=h1,b=h2,c=h 3", "neither a host name"),
        ("", "must name 3 nodes"),
    ],
)
def test_a_list_that_is_no_cluster_is_refused_in_one_sentence(text: str, complaint: str) -> None:
    with pytest.raises(ProvisioningError) as refused:
        read_hosts(text)
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (["--node", "a"], "need both --cluster and --out"),
        (["--cluster", HOSTS], "need both --cluster and --out"),
        (["--name", "x"], "need both --cluster and --out"),
        (["--node", "d", "--cluster", HOSTS, "--out", "x"], "--node d: is none of --cluster"),
        (["--node", "a", "--cluster", HOSTS, "--out", "x"], "leave --node out to make all"),
        (["--pins", "x", "--out", "x"], "--pins writes the list of keys and nothing else"),
    ],
)
def test_half_a_node_is_refused(
    layout: FleetLayout, capsys: pytest.CaptureFixture[str], more: list[str], complaint: str
) -> None:
    assert main(["broker-config", "--dir", str(layout.directory), *more]) == 1
    assert complaint in capsys.readouterr().err


def test_a_node_for_a_server_that_nobody_knows_is_refused(
    layout: FleetLayout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layout.callout_public.unlink()
    assert main(words(layout, tmp_path)) == 1
    assert "callout.json: can't be read" in capsys.readouterr().err
