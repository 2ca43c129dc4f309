"""The terminals, where they stand, and how they were last heard of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store.database import rows
from fleet_server.store.models import (
    Counter,
    Matter,
    Terminal,
    TerminalKey,
    TerminalStatus,
    Unit,
)
from fleet_server.store.pages.first import first
from fleet_server.store.pages.within import within
from fleet_server.store.status import HIGHEST


@dataclass(frozen=True, slots=True)
class TerminalRow:
    """A terminal, where it is, and what was last heard of it."""

    id: str
    added_at: int
    retired_at: int | None
    note: str
    counter: int | None
    counter_code: str | None
    counter_name: str | None
    unit: int | None
    unit_code: str | None
    unit_name: str | None
    state: str | None
    state_at: int | None
    boot: str | None
    connection: int | None
    last_seen: int | None
    waiting: int | None
    oldest_waiting_at: int | None
    clock: str | None
    firmware: str | None
    health: Mapping[str, Any] | None
    keys: int
    valid_keys: int
    certificate_until: int | None
    matters: int

    @property
    def config_version(self) -> int | None:
        """The version of the configuration that the terminal says is in force; 0 for its own."""
        told = (self.health or {}).get("terminal")
        version = told.get("config_version") if isinstance(told, Mapping) else None
        return version if type(version) is int else None


@dataclass(frozen=True, slots=True)
class Traffic:
    """Records that came and were not taken, counted since the terminal was added.

    Attributes:
        repeated: held already; what is repeated counts nothing.
        gaps: after a gap, so that they were asked for again.
        refused: vouched for by no enrolled key.
    """

    repeated: int = 0
    gaps: int = 0
    refused: int = 0


_UNIT = fn.COALESCE(Counter.unit, Terminal.unit)
"""Where a terminal stands, or who keeps it."""


def _rows() -> Any:
    key_count = TerminalKey.select(fn.COUNT(TerminalKey.kid)).where(
        TerminalKey.terminal == Terminal.id
    )
    until = TerminalKey.select(fn.MAX(TerminalKey.not_after)).where(
        TerminalKey.terminal == Terminal.id,
        TerminalKey.revoked_at.is_null(),
        TerminalKey.replaced_at.is_null(),
    )
    matters = Matter.select(fn.COUNT(Matter.id)).where(
        Matter.terminal == Terminal.id, Matter.closed_at.is_null()
    )
    return (
        Terminal.select(
            Terminal.id,
            Terminal.added_at,
            Terminal.retired_at,
            Terminal.note,
            Counter.id,
            Counter.code,
            Counter.name,
            Unit.id,
            Unit.code,
            Unit.name,
            TerminalStatus.state,
            TerminalStatus.state_at,
            TerminalStatus.boot,
            TerminalStatus.connection,
            TerminalStatus.last_seen,
            TerminalStatus.waiting,
            TerminalStatus.oldest_waiting_at,
            TerminalStatus.clock,
            TerminalStatus.firmware,
            TerminalStatus.health,
            # Named, or else peewee takes the end of their text for the name of a column.
            key_count.alias("keys"),
            key_count.where(TerminalKey.revoked_at.is_null()).alias("valid_keys"),
            until.alias("certificate_until"),
            matters.alias("matters"),
        )
        .join(Counter, JOIN.LEFT_OUTER)
        .join(Unit, JOIN.LEFT_OUTER, on=(Unit.id == _UNIT))
        .join(TerminalStatus, JOIN.LEFT_OUTER, on=(TerminalStatus.terminal == Terminal.id))
        .order_by(Terminal.id)
    )


def terminals(scope: Scope = EVERYTHING) -> list[TerminalRow]:
    """Return the terminals by id, also those that a unit keeps."""
    return [TerminalRow(*found) for found in rows(within(_rows(), scope, _UNIT))]


def terminal(terminal_id: str) -> TerminalRow | None:
    """Return one terminal."""
    found = first(_rows().where(Terminal.id == terminal_id))
    return TerminalRow(*found) if found else None


def applied_version(terminal_id: str) -> int:
    """Return the version of the configuration that a terminal said it applied, 0 if it is silent.

    What it says is believed within limits: a lie must not use up the versions.
    """
    row = terminal(terminal_id)
    return min((row.config_version if row else None) or 0, HIGHEST)


def open_matters(kinds: Collection[str]) -> dict[str, dict[str, int]]:
    """Return by terminal since when a matter of each of these kinds is open."""
    query = (
        Matter.select(Matter.terminal, Matter.kind, fn.MIN(Matter.opened_at))
        .where(
            Matter.closed_at.is_null(), Matter.terminal.is_null(False), Matter.kind.in_(list(kinds))
        )
        .group_by(Matter.terminal, Matter.kind)
    )
    found: dict[str, dict[str, int]] = {}
    for terminal, kind, opened_at in rows(query):
        found.setdefault(terminal, {})[kind] = opened_at
    return found


def traffic(terminal_id: str) -> Traffic:
    """Return what came of a terminal and was not taken."""
    query = TerminalStatus.select(
        TerminalStatus.repeated, TerminalStatus.gaps, TerminalStatus.refused
    )
    found = first(query.where(TerminalStatus.terminal == terminal_id))
    return Traffic(*found) if found else Traffic()
