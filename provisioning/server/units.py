"""Which units a machine should run, by its roles and by what its fleet.toml says."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.server import payload
from provisioning.server.install import inside
from provisioning.server.payload import BROKER, SERVER, Role

RUNNING = Path("run/systemd/system")
"""There where systemd runs a machine (sd_booted(3))."""

_BY_BROKER = ("hailong-broker", "hailong-broker-auth")
_ALWAYS = ("hailong-est", "hailong-ingest", "hailong-jobs", "hailong-web")


def settings_file(root: Path) -> Path:
    """Return where the fleet's settings are on a server."""
    return inside(root, payload.FLEET) / "fleet.toml"


def is_configured(root: Path, role: Role) -> bool:
    """Say whether there is what the processes of a role read first."""
    if role is BROKER:
        return (inside(root, payload.NODE) / "nats.conf").exists()
    return settings_file(root).exists()


def wanted(root: Path, roles: Sequence[Role]) -> list[str]:
    """Return the units to enable.

    Raises:
        ProvisioningError: fleet.toml can't be read.
    """
    found = ["hailong-nats.service"] if BROKER in roles else []
    if SERVER not in roles:
        return found
    broker = _broker(settings_file(root))
    names = list(_ALWAYS)
    if broker.get("kind", "nats") == "nats":
        names.insert(0, _BY_BROKER[1])
    if not broker.get("cluster"):
        names.insert(0, _BY_BROKER[0])
    return [*found, *(f"{name}.service" for name in names), "hailong-fleet-backup.timer"]


def unwanted(root: Path, roles: Sequence[Role]) -> list[str]:
    """Return the units of these roles that a fleet of another broker may have left enabled.

    Raises:
        ProvisioningError: fleet.toml can't be read.
    """
    names = [f"{name}.service" for name in _BY_BROKER] if SERVER in roles else []
    return [name for name in names if name not in wanted(root, roles)]


def _broker(path: Path) -> dict[str, object]:
    try:
        table = tomllib.loads(path.read_text("utf-8")).get("broker", {})
    except OSError as error:
        raise ProvisioningError(f"{path}: can't be read ({error.strerror})") from None
    except ValueError as error:
        raise ProvisioningError(f"{path}: not a TOML file: {error}") from None
    return table if isinstance(table, dict) else {}
