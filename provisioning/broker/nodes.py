"""One node of a broker that is a cluster: everything it needs, in a folder to be carried there.

A node is only a broker. It holds its own key and no other secret of the fleet: ``broker-auth`` on
the fleet server answers its questions too, over the routes between the nodes.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from provisioning.broker import nats, pins, seeds
from provisioning.broker.nats import Addresses, Cluster, Papers
from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import authority, certificates, files
from provisioning.pki.certificates import Issuer
from wire.files import write_atomic

SIZE = 3
"""Nodes of a cluster: the least of which one may be away while the others agree."""

HOME = Path("/var/lib/hailong-nats")
"""Where the folder lies on the node."""

_MQTT = re.compile(r'(?m)^mqtt \{\n  host: "(.*)"\n  port: (\d+)')
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@dataclass(frozen=True, slots=True)
class NodeLayout:
    """The files of one node's folder."""

    directory: Path

    @property
    def config(self) -> Path:
        """Configuration of the NATS server."""
        return self.directory / "nats.conf"

    @property
    def certificate(self) -> Path:
        """The node's certificate, for terminals and for the other nodes."""
        return self.directory / "node.crt"

    @property
    def key(self) -> Path:
        """Its private key."""
        return self.directory / "node.key"

    @property
    def authorities(self) -> Path:
        """Root and issuing CA: whom the node believes."""
        return self.directory / "ca-chain.pem"

    @property
    def pins(self) -> Path:
        """The keys of all nodes of the cluster: `provisioning.broker.pins`."""
        return self.directory / pins.NAME

    @property
    def store(self) -> Path:
        """JetStream's directory, which the server makes."""
        return self.directory / "jetstream"


def listens(node: NodeLayout) -> tuple[str, int]:
    """Return where a node takes terminals, as its configuration says.

    Raises:
        ProvisioningError: the configuration is not there, or none of ours.
    """
    try:
        found = _MQTT.search(node.config.read_text("utf-8"))
    except OSError as error:
        raise ProvisioningError(f"{node.config}: can't be read ({error.strerror})") from None
    if found is None:
        raise ProvisioningError(f"{node.config}: is not what hailong-provision broker-config wrote")
    return found[1], int(found[2])


def read_hosts(text: str) -> Mapping[str, str]:
    """Read ``a=HOST,b=HOST,c=HOST``.

    Raises:
        ProvisioningError: these are not three nodes with a name and a host each.
    """
    pairs = [part.strip().partition("=") for part in text.split(",")]
    hosts = {name: host for name, _, host in pairs}
    if len(pairs) != SIZE or len(hosts) != SIZE or len(set(hosts.values())) != SIZE:
        raise ProvisioningError(
            f"--cluster {text}: must name {SIZE} nodes, each with a host of its own, such as "
            "a=10.0.0.1,b=10.0.0.2,c=10.0.0.3: with fewer, none may be away"
        )
    for name in hosts:
        if not _NAME.fullmatch(name):
            raise ProvisioningError(f"--cluster: {name!r} must be a name such as a or node-1")
    certificates.server_names(hosts.values())
    return hosts


def write(
    fleet: FleetLayout, node: NodeLayout, cluster: Cluster, where: Addresses, home: Path
) -> None:
    """Write a node's configuration, in which its files lie in ``home``.

    Raises:
        ProvisioningError: the public keys of the callout can't be read.
    """
    there = NodeLayout(home)
    papers = Papers(there.certificate, there.key, there.authorities, there.store)
    keys = seeds.published(fleet)
    files.make_directory(node.directory, files.PRIVATE_DIRECTORY)
    text = nats.node_configuration(cluster, where, papers, keys)
    write_atomic(node.config, text.encode(), files.PRIVATE)


def write_pins(fleet: FleetLayout, node: NodeLayout, now: datetime) -> None:
    """Write which nodes take each other, into a node's folder.

    Raises:
        ProvisioningError: the issuing CA's revocation list can't be read.
    """
    write_atomic(node.pins, pins.text(fleet, now).encode(), files.PRIVATE)


def write_papers(
    fleet: FleetLayout, issuing: Issuer, node: NodeLayout, names: Iterable[str], now: datetime
) -> None:
    """Make a node's key and certificate anew, and put the authorities beside them.

    Raises:
        ProvisioningError: a name is neither host name nor address.
    """
    key = files.new_key()
    certificate = certificates.issue_node(issuing, key.public_key(), names, now)
    authority.keep(fleet, authority.NODE, certificate)
    files.make_directory(node.directory, files.PRIVATE_DIRECTORY)
    write_atomic(node.authorities, fleet.ca_chain.read_bytes())
    files.write_key(node.key, key)
    files.write_certificates(node.certificate, [certificate, issuing.certificate])
