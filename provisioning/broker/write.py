"""Puts the configuration of both brokers into a fleet directory."""

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
    keys = seeds.published(layout)
    for directory in (layout.nats_store, layout.mosquitto_store):
        make_directory(directory, PRIVATE_DIRECTORY)
    write_atomic(layout.nats_config, nats.configuration(layout, where, keys).encode(), PRIVATE)
    text = mosquitto.configuration(layout, where.listen, where.port)
    write_atomic(layout.mosquitto_config, text.encode(), PRIVATE)
    write_atomic(layout.mosquitto_acl, mosquitto.access_rules().encode(), PRIVATE)
