"""Puts the configuration of both brokers into a fleet directory."""

from pathlib import Path

from provisioning.broker import mosquitto, nats, seeds
from provisioning.broker.nats import Addresses
from provisioning.layout import FleetLayout
from provisioning.pki.files import PRIVATE, PRIVATE_DIRECTORY, make_directory
from wire.files import write_atomic


def write(layout: FleetLayout, where: Addresses) -> None:
    """Make the callout's seeds if need be, and write the configuration of both brokers.

    Both, so that a fleet can change its broker.

    Raises:
        ProvisioningError: a callout seed can't be read.
    """
    seeds.ensure(layout)
    rewrite(layout, where)


def rewrite(layout: FleetLayout, where: Addresses) -> None:
    """Write the configuration of both brokers anew. Reads no secret.

    Raises:
        ProvisioningError: the public keys of the callout can't be read.
    """
    for directory in (layout.nats_store, layout.mosquitto_store):
        make_directory(directory, PRIVATE_DIRECTORY)
    for path, text in texts(layout, where).items():
        write_atomic(path, text.encode(), PRIVATE)


def texts(layout: FleetLayout, where: Addresses) -> dict[Path, str]:
    """Return the text of each file of configuration, as it should be. Reads no secret.

    Raises:
        ProvisioningError: the public keys of the callout can't be read.
    """
    keys = seeds.published(layout)
    return {
        layout.nats_config: nats.configuration(layout, where, keys),
        layout.mosquitto_config: mosquitto.configuration(layout, where.listen, where.port),
        layout.mosquitto_acl: mosquitto.access_rules(),
    }
