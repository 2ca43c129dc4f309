"""Configuring terminals: one, or those of a branch; each change has its entry in the audit log."""

from collections.abc import Mapping
from typing import Any

from fleet_server import policy
from fleet_server.store import audit_log, changes, downlink
from fleet_server.store.database import writing
from fleet_server.store.editing import Stale
from fleet_server.store.pages import terminals

Tables = Mapping[str, Mapping[str, Any]]


def configure(
    dev: str, settings: Mapping[str, Any], now: int, *, actor: str, held: int | None = None
) -> int:
    """Wish that a terminal is configured so; return the version.

    Args:
        dev: terminal id.
        settings: tables of its policy, in the place of those sent before.
        now: Unix milliseconds.
        actor: who.
        held: the version that was read before the edit, 0 for none; None overwrites any.

    Raises:
        PolicyError: no terminal would take them.
        Stale: another was sent since.
    """
    policy.check(settings)
    with writing():
        if held is not None and held != version(dev):
            raise Stale
        return _send(dev, settings, now, actor)


def lay_over(settings: Mapping[str, Tables], now: int, *, actor: str) -> None:
    """Set some keys at several terminals, and leave the others of each as they are; all or none.

    Args:
        settings: the keys for each terminal, by its id.
        now: Unix milliseconds.
        actor: who.

    Raises:
        PolicyError: a terminal would not take its keys.
    """
    with writing():
        for dev, tables in settings.items():
            last = downlink.configuration(dev)
            laid = over(policy.fit(last.settings) if last else {}, tables)
            policy.check(laid)
            _send(dev, laid, now, actor)


def over(held: Mapping[str, Any], settings: Tables) -> dict[str, Any]:
    """Return tables with some keys of theirs replaced."""
    found = dict(held)
    for name, table in settings.items():
        before = found.get(name)
        found[name] = {**(before if isinstance(before, Mapping) else {}), **table}
    return found


def version(dev: str) -> int:
    """Return the version that was sent to a terminal last, 0 for none."""
    last = downlink.configuration(dev)
    return last.version if last else 0


def _send(dev: str, settings: Mapping[str, Any], now: int, actor: str) -> int:
    number = downlink.configure(dev, settings, terminals.applied_version(dev))
    details = {"version": number, "settings": settings}
    audit_log.note(actor, "terminal.configure", f"terminal:{dev}", details, at=now)
    changes.note(f"terminal:{dev}")
    return number
