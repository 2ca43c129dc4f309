"""What systemd says: whether units run, and whether the clock follows a time server."""

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.finding import Finding, good, note, wrong
from provisioning.server import units as wanted
from provisioning.server.payload import Role

OFTEN = 5
"""Restarts since its start after which a unit is worth a look."""


def units(root: Path, roles: Sequence[Role]) -> Iterator[Finding]:
    """Ask for each unit that this machine should run."""
    ready = [role for role in roles if wanted.is_configured(root, role)]
    for role in roles:
        if role not in ready:
            yield wrong("units", f"nothing is set up for the role {role.name}", _SET_UP[role.name])
    if not (root / wanted.RUNNING).exists():
        yield wrong("units", "systemd does not run here", "look on the machine itself")
        return
    if wanted.may_be_read(root, ready):
        names = wanted.wanted(root, ready)
    else:
        names = wanted.certain(ready)
        yield note("units", "which broker the fleet has can't be read", "look as root")
    for name, state in zip(names, _states(names), strict=True):
        yield _unit(name, state)


def clock() -> Iterator[Finding]:
    """Ask whether the clock is set by a time server."""
    if _ask("timedatectl", "show", "--property=NTPSynchronized", "--value").strip() == "yes":
        yield good("clock", "follows a time server")
    else:
        yield wrong(
            "clock",
            "follows no time server, or has not reached it yet",
            "timedatectl set-ntp true, and name a server that is reached in "
            "/etc/systemd/timesyncd.conf",
        )


def _states(names: Sequence[str]) -> list[dict[str, str]]:
    if not names:
        return []
    shown = "--property=UnitFileState,ActiveState,NRestarts"
    blocks = _ask("systemctl", "show", shown, *names).strip().split("\n\n")
    return [dict(line.split("=", 1) for line in block.splitlines()) for block in blocks]


def _unit(name: str, state: dict[str, str]) -> Finding:
    if state.get("UnitFileState") != "enabled":
        return wrong("units", f"{name}: is not enabled", f"systemctl enable --now {name}")
    if state.get("ActiveState") != "active":
        said = f"{name}: does not run ({state.get('ActiveState')})"
        return wrong("units", said, f"systemctl start {name}; why it ended: journalctl -u {name}")
    restarts = int(state.get("NRestarts") or 0)
    if restarts >= OFTEN:
        return note("units", f"{name}: was started again {restarts} times", f"journalctl -u {name}")
    return good("units", f"{name}: runs")


def _ask(*words: str) -> str:
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words, no shell
    except FileNotFoundError:
        raise ProvisioningError(f"{words[0]} is not here") from None
    if done.returncode != 0:
        raise ProvisioningError(f"{words[0]}: {done.stderr.strip().partition(chr(10))[0]}")
    return done.stdout


_SET_UP = {
    "server": "make a fleet: hailong-provision server install -- --host NAME",
    "broker": "carry the node in: hailong-provision server install --role broker --node DIR",
}
