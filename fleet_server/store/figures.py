"""Reading what was made of records beside the records, for `core.figures` and `core.holding`."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from peewee import JOIN

from fleet_server.core.figures import Held, HeldEvent, HeldRating, compare
from fleet_server.core.holding import Holding, Reasons
from fleet_server.core.standing import Press, judge
from fleet_server.core.verdicts import MAIN
from fleet_server.core.verify import Keyring
from fleet_server.store.audits import side_branches
from fleet_server.store.database import in_order, rows
from fleet_server.store.models import (
    Boot,
    Chain,
    ParkedRecord,
    Rating,
    Record,
    TicketEvent,
    VisitAlias,
)
from fleet_server.store.records import raw_bytes
from wire.codec import decode
from wire.envelope import payload_of
from wire.errors import WireError

BATCH = 200
_RATING = ("visit", "at", "at_quality", "up", "replaces", "flagged", "standing", "contested")


def faults(chain: Chain, keys: Keyring) -> Iterator[tuple[int, int, str]]:
    """Yield branch, position and words where what is made of a chain's records is not right.

    What can't be read is left to the audit of the chain.
    """
    reasons = Reasons(chain.terminal_id, chain.chain_id, keys)
    for seq, branch, jws, received_at, *rest in _rows(chain):
        raw = raw_bytes(jws)
        disputed, quarantined = bool(rest[0]), rest[1]
        held = Holding(branch, seq, raw, quarantined, disputed, received_at)
        unreasonable = reasons.check(held)
        if unreasonable is not None:
            yield branch, seq, unreasonable
        if quarantined is None:
            for what in _compared(raw, rest):
                yield branch, seq, what


def _compared(raw: bytes, row: Sequence[Any]) -> list[str]:
    try:
        record = decode(payload_of(raw))
    except WireError:
        return []
    return compare(record, _held(row), _names)


def _rows(chain: Chain) -> Iterator[tuple[Any, ...]]:
    query = (
        Record.select(
            Record.seq,
            Record.branch,
            Record.jws,
            Record.received_at,
            Record.disputed,
            Record.quarantined,
            ParkedRecord.counter_code,
            *(getattr(Rating, name) for name in _RATING),
            TicketEvent.visit,
            TicketEvent.event,
            TicketEvent.at,
            TicketEvent.at_quality,
            TicketEvent.late,
        )
        .join(Rating, JOIN.LEFT_OUTER, on=(Rating.record == Record.id))
        .switch(Record)
        .join(TicketEvent, JOIN.LEFT_OUTER, on=(TicketEvent.record == Record.id))
        .switch(Record)
        .join(ParkedRecord, JOIN.LEFT_OUTER, on=(ParkedRecord.record == Record.id))
        .where(Record.chain == chain.id)
    )
    for branch in (MAIN, *side_branches(chain)):
        yield from in_order(query.where(Record.branch == branch), Record.seq)


def _held(row: Sequence[Any]) -> Held:
    disputed, _, parked = row[:3]
    visit, at, quality, up, replaces, *flags = row[3:11]
    rating = None
    if at is not None:
        rating = HeldRating(visit, at, quality, up, replaces, *map(bool, flags))
    return Held(bool(disputed), parked is None, rating, _event(*row[11:16]))


def _event(visit: str | None, event: str, at: int, quality: str, late: int) -> HeldEvent | None:
    return None if visit is None else HeldEvent(visit, event, at, quality, bool(late))


def _names(visit: str) -> Collection[str]:
    query = VisitAlias.select(VisitAlias.alias).where(VisitAlias.visit == visit)
    return {name for (name,) in rows(query)}


def misjudged() -> Iterator[str]:
    """Yield in words where a rating is not what `fleet_server.core.standing` makes of it."""
    visits = Rating.select(Rating.visit).where(Rating.visit.is_null(False)).distinct()
    names = [visit for (visit,) in rows(visits.order_by(Rating.visit))]
    for start in range(0, len(names), BATCH):
        yield from _misjudged(names[start : start + BATCH])


def _misjudged(visits: Collection[str]) -> Iterator[str]:
    query = (
        Rating.select(
            Rating.visit,
            Rating.record,
            Record.chain,
            Record.seq,
            Boot.boot_id,
            Rating.up,
            Rating.replaces,
            Rating.flagged,
            Record.disputed,
            Rating.standing,
            Rating.contested,
        )
        .join(Record)
        .switch(Rating)
        .join(Boot)
        .where(Rating.visit.in_(list(visits)))
        .order_by(Rating.record)
    )
    presses: dict[str, list[Press]] = {}
    held: dict[int, tuple[bool, bool]] = {}
    for visit, *columns, standing, contested in rows(query):
        presses.setdefault(visit, []).append(Press(*columns))
        held[columns[0]] = (bool(standing), bool(contested))
    for visit, together in presses.items():
        judged = judge(together)
        for press in together:
            status = judged[press.record].status
            if held[press.record] != (status == "standing", status == "contested"):
                yield (
                    f"the rating at position {press.seq} for visit {visit} is {status}, "
                    "but not so in the figures"
                )


def unfounded() -> Iterator[str]:
    """Yield in words the ticket events that claim a terminal as their source without a record."""
    query = TicketEvent.select(TicketEvent.visit, TicketEvent.event).where(
        TicketEvent.source == "terminal", TicketEvent.record.is_null()
    )
    for visit, event in rows(query):
        yield f"visit {visit}: no record of a terminal says {event}, but the figures do"
