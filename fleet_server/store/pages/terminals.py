"""The terminals' last states, and everything that one terminal's page shows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store.database import rows
from fleet_server.store.models import (
    Chain,
    Counter,
    EnrolmentToken,
    Matter,
    Quarantine,
    Record,
    Terminal,
    TerminalKey,
    TerminalStatus,
    Unit,
)
from fleet_server.store.pages.first import first
from fleet_server.store.pages.within import within
from fleet_server.store.status import HIGHEST

RECENT_RECORDS = 20


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
class KeyRow:
    """A key that belongs or belonged to a terminal."""

    kid: str
    serial: str
    not_after: int
    enrolled_at: int
    revoked_at: int | None
    replaced_at: int | None


@dataclass(frozen=True, slots=True)
class TokenRow:
    """An enrolment file that was made for a terminal."""

    expires_at: int
    issued_count: int
    closed_at: int | None


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A chain, its head, and what is not in order in it."""

    id: int
    chain_id: str
    kid: str
    head_seq: int
    opened_at: int
    start_reason: str
    start_seq: int
    branches: int
    flaws: int
    receipted_at: int | None


@dataclass(frozen=True, slots=True)
class ForkRow:
    """A side branch: where it begins, how far it goes."""

    chain_id: str
    branch: int
    first_seq: int
    last_seq: int
    records: int


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record as it lies in the store, without its content."""

    chain_id: str
    seq: int
    branch: int
    type: str
    received_at: int
    checked: int
    quarantined: str | None
    disputed: bool


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


def keys(terminal_id: str) -> list[KeyRow]:
    """Return a terminal's keys, newest first."""
    query = (
        TerminalKey.select(
            TerminalKey.kid,
            TerminalKey.serial,
            TerminalKey.not_after,
            TerminalKey.enrolled_at,
            TerminalKey.revoked_at,
            TerminalKey.replaced_at,
        )
        .where(TerminalKey.terminal == terminal_id)
        .order_by(TerminalKey.enrolled_at.desc())
    )
    return [KeyRow(*found) for found in rows(query)]


def tokens(terminal_id: str) -> list[TokenRow]:
    """Return the enrolment files made for a terminal, newest first."""
    query = (
        EnrolmentToken.select(
            EnrolmentToken.expires_at, EnrolmentToken.issued_count, EnrolmentToken.closed_at
        )
        .where(EnrolmentToken.terminal == terminal_id)
        .order_by(EnrolmentToken.id.desc())
    )
    return [TokenRow(*found) for found in rows(query)]


def chains(terminal_id: str) -> list[ChainRow]:
    """Return a terminal's chains, newest first."""
    query = (
        Chain.select(
            Chain.id,
            Chain.chain_id,
            Chain.kid,
            Chain.head_seq,
            Chain.opened_at,
            Chain.start_reason,
            Chain.start_seq,
            Chain.branches,
            Chain.flaws,
            Chain.receipted_at,
        )
        .where(Chain.terminal == terminal_id)
        .order_by(Chain.opened_at.desc(), Chain.id.desc())
    )
    return [ChainRow(*found) for found in rows(query)]


def forks(terminal_id: str) -> list[ForkRow]:
    """Return the side branches of a terminal's chains; most terminals have none."""
    query = (
        Record.select(
            Chain.chain_id,
            Record.branch,
            fn.MIN(Record.seq),
            fn.MAX(Record.seq),
            fn.COUNT(Record.id),
        )
        .join(Chain)
        .where(Chain.terminal == terminal_id, Chain.branches > 0, Record.branch > 0)
        .group_by(Chain.chain_id, Record.branch)
        .order_by(Chain.chain_id, Record.branch)
    )
    return [ForkRow(*found) for found in rows(query)]


def recent_records(chain: int) -> list[RecordRow]:
    """Return the newest records of a chain, by its row id, newest first."""
    query = (
        Record.select(
            Chain.chain_id,
            Record.seq,
            Record.branch,
            Record.type,
            Record.received_at,
            Record.checked,
            Record.quarantined,
            Record.disputed,
        )
        .join(Chain)
        .where(Record.chain == chain)
        .order_by(Record.seq.desc(), Record.branch)
        .limit(RECENT_RECORDS)
    )
    return [RecordRow(*found) for found in rows(query)]


def traffic(terminal_id: str) -> Traffic:
    """Return what came of a terminal and was not taken."""
    query = TerminalStatus.select(
        TerminalStatus.repeated, TerminalStatus.gaps, TerminalStatus.refused
    )
    found = first(query.where(TerminalStatus.terminal == terminal_id))
    return Traffic(*found) if found else Traffic()


def refused_samples(terminal_id: str) -> int:
    """Return how many samples of input that nobody vouches for are kept for a terminal."""
    return int(Quarantine.select().where(Quarantine.terminal == terminal_id).count())
