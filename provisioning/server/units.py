"""Which units a machine should run, by its roles and by what its fleet.toml says."""

import os
import tomllib
from collections.abc import Sequence
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.server import payload
from provisioning.server.install import inside
from provisioning.server.payload import BROKER, SERVER, Role

RUNNING = Path("run/systemd/system")
"""There where systemd runs a machine (sd_booted(3))."""

_BY_BROKER = ("hailong-broker.service", "hailong-broker-auth.service")
_ALWAYS = (
    "hailong-est.service",
    "hailong-ingest.service",
    "hailong-jobs.service",
    "hailong-web.service",
    "hailong-fleet-backup.timer",
)


def settings_file(root: Path) -> Path:
    """Return where the fleet's settings are on a server."""
    return inside(root, payload.FLEET) / "fleet.toml"


def is_configured(root: Path, role: Role) -> bool:
    """Say whether there is what the processes of a role read first, or it can't be known."""
    file = inside(root, payload.NODE) / "nats.conf" if role is BROKER else settings_file(root)
    try:
        return bool(file.stat())
    except PermissionError:
        return True
    except OSError:
        return False


def may_be_read(root: Path, roles: Sequence[Role]) -> bool:
    """Say whether who asks may read what the processes of these roles read first."""
    folders = [inside(root, payload.NODE if role is BROKER else payload.FLEET) for role in roles]
    return all(os.access(folder, os.R_OK | os.X_OK) for folder in folders)


def certain(roles: Sequence[Role]) -> list[str]:
    """Return the units to enable whatever broker the fleet has."""
    found = ["hailong-nats.service"] if BROKER in roles else []
    return [*found, *_ALWAYS] if SERVER in roles else found


def wanted(root: Path, roles: Sequence[Role]) -> list[str]:
    """Return the units to enable.

    Raises:
        ProvisioningError: fleet.toml can't be read.
    """
    if SERVER not in roles:
        return certain(roles)
    broker = _broker(settings_file(root))
    cluster, callout = broker.get("cluster"), broker.get("kind", "nats") == "nats"
    chosen = [not cluster, callout]
    return [name for name, take in zip(_BY_BROKER, chosen, strict=True) if take] + certain(roles)


def unwanted(root: Path, roles: Sequence[Role]) -> list[str]:
    """Return the units of these roles that a fleet of another broker may have left enabled.

    Raises:
        ProvisioningError: fleet.toml can't be read.
    """
    chosen = wanted(root, roles)
    return [name for name in _BY_BROKER if SERVER in roles and name not in chosen]


def _broker(path: Path) -> dict[str, object]:
    try:
        table = tomllib.loads(path.read_text("utf-8")).get("broker", {})
    except OSError as error:
        raise ProvisioningError(f"{path}: can't be read ({error.strerror})") from None
    except ValueError as error:
        raise ProvisioningError(f"{path}: not a TOML file: {error}") from None
    return table if isinstance(table, dict) else {}
