"""NKey seeds of the NATS auth callout: who signs, who answers, who may disconnect others."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

import nkeys

from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki.files import PRIVATE, PRIVATE_DIRECTORY, make_directory
from wire.files import write_atomic

PREFIXES = {
    "account": nkeys.PREFIX_BYTE_ACCOUNT,
    "service": nkeys.PREFIX_BYTE_USER,
    "system": nkeys.PREFIX_BYTE_USER,
}
"""``account`` signs the answers, ``service`` receives the questions, ``system`` disconnects."""


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What the server's configuration needs to know of the seeds."""

    account: str
    service: str
    system: str


def ensure(layout: FleetLayout) -> PublicKeys:
    """Make the seeds that are not there yet; write down and return the public halves of all.

    Raises:
        ProvisioningError: a seed can't be read.
    """
    make_directory(layout.secrets, PRIVATE_DIRECTORY)
    make_directory(layout.broker, PRIVATE_DIRECTORY)
    for name, prefix in PREFIXES.items():
        if not layout.callout_seed(name).exists():
            seed = nkeys.encode_seed(secrets.token_bytes(32), prefix)
            write_atomic(layout.callout_seed(name), seed + b"\n", PRIVATE)
    public = {name: load(layout.callout_seed(name)).public_key.decode() for name in PREFIXES}
    write_atomic(layout.callout_public, json.dumps(public, indent=2).encode() + b"\n")
    return PublicKeys(**public)


def published(layout: FleetLayout) -> PublicKeys:
    """Return the public halves, for a process that may not read the seeds.

    Raises:
        ProvisioningError: they were never written, or are not what they should be.
    """
    path = layout.callout_public
    try:
        values = json.loads(path.read_bytes())
        return PublicKeys(**{name: str(values[name]) for name in PREFIXES})
    except OSError as error:
        raise ProvisioningError(
            f"{path}: can't be read ({error.strerror}); write it with: hailong-provision "
            "broker-config"
        ) from None
    except (ValueError, KeyError, TypeError):
        raise ProvisioningError(f"{path}: not the public keys of the callout") from None


def load(path: Path) -> nkeys.KeyPair:
    """Read one seed.

    Raises:
        ProvisioningError: it is not there or not a seed; the message names the file only.
    """
    try:
        return nkeys.from_seed(bytearray(path.read_bytes().strip()))
    except OSError as error:
        raise ProvisioningError(f"{path}: can't be read ({error.strerror})") from None
    except (nkeys.NkeysError, ValueError):
        raise ProvisioningError(f"{path}: not an NKey seed") from None
