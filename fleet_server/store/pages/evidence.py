"""What one terminal signed and sent: its keys, its chains, its newest records, what is odd."""

from dataclasses import dataclass

from peewee import JOIN, fn

from fleet_server.store.database import rows
from fleet_server.store.models import (
    Chain,
    Complaint,
    EnrolmentToken,
    Quarantine,
    Rating,
    Record,
    TerminalKey,
    Visit,
)
from fleet_server.store.pages.first import first

RECENT_RECORDS = 20


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
class ToldRow:
    """When and on which terminal a rating or complaint was given, in Unix milliseconds.

    ``ticket`` is None where no visit is known.
    """

    terminal: str
    at: int
    at_quality: str
    ticket: str | None


def told(chain_id: str, seq: int, counter: int) -> ToldRow | None:
    """Return what is known of the rating or complaint of a counter at a position of a chain.

    None: no such record counts there any more.
    """
    held = (Chain.chain_id == chain_id) & (Record.seq == seq) & (Record.branch == 0)
    rating = first(
        Rating.select(Rating.terminal, Rating.at, Rating.at_quality, Visit.ticket)
        .join(Record)
        .join(Chain)
        .join(Visit, JOIN.LEFT_OUTER, on=(Rating.visit == Visit.id))
        .where(held, Rating.counter == counter)
    )
    if rating:
        return ToldRow(*rating)
    complaint = first(
        Complaint.select(Chain.terminal, Complaint.at)
        .join(Record)
        .join(Chain)
        .where(held, Complaint.counter == counter)
    )
    if complaint:
        terminal, at = complaint
        return ToldRow(terminal, at, "exact", None)
    return None


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


def refused_samples(terminal_id: str) -> int:
    """Return how many samples of input that nobody vouches for are kept for a terminal."""
    return int(Quarantine.select().where(Quarantine.terminal == terminal_id).count())
