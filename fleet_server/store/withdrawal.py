"""Taking back what records meant."""

from collections.abc import Sequence
from datetime import tzinfo

from fleet_server.core.days import day_of
from fleet_server.store import case_files, parked, rating_feed, ratings, rollups, visits
from fleet_server.store.database import rows
from fleet_server.store.models import (
    Chain,
    Complaint,
    Rating,
    RatingReason,
    Record,
    TicketEvent,
)


def withdraw(record_ids: Sequence[int], zone: tzinfo, now: int) -> None:
    """Take back the meaning of records whose signature was found bad; the bytes stay held.

    Args:
        record_ids: The records.
        zone: The fleet's time zone.
        now: Unix milliseconds.
    """
    case_files.withdraw(_subjects(record_ids), now)
    query = Rating.select(Rating.record, Rating.counter, Rating.visit, Rating.at)
    days: set[tuple[int, str]] = set()
    named: set[str] = set()
    for _, counter, visit, at in rows(query.where(Rating.record.in_(record_ids))):
        days.add((counter, day_of(at, zone).name))
        named |= {visit} if visit is not None else set()
    events = TicketEvent.select(TicketEvent.visit).where(TicketEvent.record.in_(record_ids))
    told = {visit for (visit,) in rows(events)}
    days |= visits.days_of(named | told)
    rating_feed.note_records(record_ids)
    Complaint.delete().where(Complaint.record.in_(record_ids)).execute()
    RatingReason.delete().where(RatingReason.record.in_(record_ids)).execute()
    Rating.delete().where(Rating.record.in_(record_ids)).execute()
    TicketEvent.delete().where(TicketEvent.record.in_(record_ids)).execute()
    parked.forget(record_ids)
    visits.drop_untold(told)
    ratings.rejudge(named)
    rollups.recompute(days, zone)


def _subjects(record_ids: Sequence[int]) -> list[str]:
    """Return the keys of cases that records are about; what is disputed is about none."""
    named = Record.select(Chain.chain_id, Record.seq).join(Chain)
    complaints = named.join(Complaint, on=(Complaint.record == Record.id))
    ratings = named.join(Rating, on=(Rating.record == Record.id)).where(~Rating.disputed)
    found = (("item", complaints), ("rating", ratings))
    return [
        f"{grain}:{chain}/{seq}"
        for grain, query in found
        for chain, seq in rows(query.where(Record.id.in_(record_ids)))
    ]
