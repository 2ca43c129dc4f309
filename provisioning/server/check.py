"""Looks at a whole machine, and at the fleet on it by its own doctor; see README.md."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.finding import Finding, note, wrong
from provisioning.server import fleet, node, places, ports, running, units
from provisioning.server.payload import BROKER, ROLES, SERVER, Role

Look = Callable[[], Iterator[Finding]]


def examine(root: Path, roles: Sequence[str] | None, now: datetime) -> Iterator[Finding]:
    """Yield what each check finds; a check that fails is a finding itself.

    Args:
        root: of the machine, for one that does not run also another than ``/``.
        roles: what the machine is for; None for what is installed there.
        now: for certificates.
    """
    names = roles or places.installed(root)
    if not names:
        yield wrong("files", "nothing is installed here", "run: hailong-provision server install")
        return
    chosen = [ROLES[name] for name in names]
    for name, look in _looks(root, chosen, now).items():
        try:
            yield from look()
        except (ProvisioningError, OSError) as error:
            yield wrong(name, f"can't be looked at: {error}", "look as root, on the machine itself")


def _looks(root: Path, roles: Sequence[Role], now: datetime) -> dict[str, Look]:
    looks: dict[str, Look] = {
        "programs": lambda: places.programs(root, roles),
        "files": lambda: places.files(root, roles),
        "users": lambda: places.users(root, roles),
        "directories": lambda: places.directories(root, roles),
        "units": lambda: running.units(root, roles),
        "clock": running.clock,
        "ports": lambda: ports.look(root, roles),
    }
    if BROKER in roles:
        looks["node"] = lambda: _inside(root, BROKER, node.look(root, now))
    if SERVER in roles:
        looks["fleet"] = lambda: _inside(root, SERVER, fleet.look(root))
    return looks


def _inside(root: Path, role: Role, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield what needs a look into the folder of a role, which is its user's alone."""
    if not units.is_configured(root, role):
        return
    if units.may_be_read(root, [role]):
        yield from findings
    else:
        said = "only root and its user may look into its folder"
        yield note(role.name, said, "look as root, which also meets what answers by TLS")
