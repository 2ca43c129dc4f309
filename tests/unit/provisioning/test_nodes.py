"""A node of a broker's cluster, as ``hailong-provision`` writes it."""

import stat
import sysconfig
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from provisioning.broker import seeds
from provisioning.broker.nodes import NodeLayout, read_hosts
from provisioning.cli import main
from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from tests.fakes.processes import run

HOSTS = "a=10.0.0.1,b=b.example,c=fd00::3"


def words(fleet: FleetLayout, out: Path, *more: str) -> list[str]:
    node = ["--node", "b", "--cluster", HOSTS, "--out", str(out), "--name", "fleet.example"]
    return ["broker-config", "--dir", str(fleet.directory), *node, *more]


@pytest.fixture(autouse=True)
def _server_has_its_callout(layout: FleetLayout) -> None:
    seeds.ensure(layout)


@pytest.fixture
def node(layout: FleetLayout, tmp_path: Path) -> NodeLayout:
    """The folder of node b."""
    out = tmp_path / "node-b"
    assert main(words(layout, out, "--home", str(out))) == 0
    return NodeLayout(out)


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
    assert main(words(layout, tmp_path / "b")) == 0
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
    assert held == ["ca-chain.pem", "nats.conf", "node.crt", "node.key"]
    assert stat.S_IMODE(node.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(node.directory.stat().st_mode) == 0o700


def test_the_configuration_is_written_again_and_the_key_only_when_asked(
    layout: FleetLayout, node: NodeLayout
) -> None:
    key, certificate = node.key.read_bytes(), node.certificate.read_bytes()
    assert main(words(layout, node.directory, "--port", "1883")) == 0
    assert "port: 1883" in node.config.read_text()
    assert (node.key.read_bytes(), node.certificate.read_bytes()) == (key, certificate)
    renewal = ["server-cert", "--dir", str(layout.directory), "--out", str(node.directory)]
    server = layout.server_certificate.read_bytes()
    assert main([*renewal, "--name", "b.example"]) == 0
    assert node.key.read_bytes() != key
    assert layout.server_certificate.read_bytes() == server


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
        (["--node", "a"], "all of --node, --cluster and --out"),
        (["--cluster", HOSTS, "--out", "x"], "all of --node, --cluster and --out"),
        (["--name", "x"], "all of --node, --cluster and --out"),
        (["--node", "d", "--cluster", HOSTS, "--out", "x"], "--node d: is none of --cluster"),
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
    assert main(words(layout, tmp_path / "b")) == 1
    assert "callout.json: can't be read" in capsys.readouterr().err
