"""All checks, one after the other."""

from collections.abc import Callable, Iterator
from pathlib import Path

from fleet_server.doctor import (
    backups,
    broker,
    chat,
    database,
    files,
    mail,
    pages,
    papers,
    processes,
    proxies,
    space,
    updates,
    vouching,
)
from fleet_server.doctor.patient import Patient
from fleet_server.settings import SettingsError, load
from provisioning.finding import Finding, wrong

Look = Callable[[Patient], Iterator[Finding]]

CHECKS: dict[str, Look] = {
    "files": files.look,
    "disk": space.look,
    "database": database.look,
    "certificates": papers.look,
    "broker": broker.look,
    "processes": processes.look,
    "mail": mail.look,
    "chat": chat.look,
    "proxy": proxies.look,
    "answered for": vouching.look,
    "updates": updates.look,
    "page assets": pages.look,
    "backup": backups.look,
}


def examine(config: Path | None, now: int) -> Iterator[Finding]:
    """Yield what each check finds; a check that fails is a finding itself.

    Args:
        config: the settings file, or None for the usual one.
        now: Unix milliseconds.
    """
    try:
        patient = Patient(load(config), now)
    except SettingsError as error:
        yield wrong("settings", str(error), "nothing else can be looked at before")
        return
    for name, look in CHECKS.items():
        try:
            yield from look(patient)
        except Exception as error:  # whatever ails an installation, the other checks go on
            said = f"can't be looked at: {type(error).__name__}: {error}"
            yield wrong(name, said, "see to it that this user may read the fleet directory")
