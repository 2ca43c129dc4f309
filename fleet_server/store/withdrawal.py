"""Taking back what records meant."""

from collections.abc import Sequence
from datetime import tzinfo

from fleet_server.core.days import day_of
from fleet_server.store import parked, rating_feed, ratings, rollups, visits
from fleet_server.store.database import rows
from fleet_server.store.models import Rating, TicketEvent


def withdraw(record_ids: Sequence[int], zone: tzinfo) -> None:
    """Take back the meaning of records whose signature was found bad; the bytes stay held.

    Args:
        record_ids: The records.
        zone: The fleet's time zone.
    """
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
    Rating.delete().where(Rating.record.in_(record_ids)).execute()
    TicketEvent.delete().where(TicketEvent.record.in_(record_ids)).execute()
    parked.forget(record_ids)
    visits.drop_untold(told)
    ratings.rejudge(named)
    rollups.recompute(days, zone)
