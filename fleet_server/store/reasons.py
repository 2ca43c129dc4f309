"""What citizens gave as reasons for their ratings: only people with *evidence* see it."""

from fleet_server.store.database import rows
from fleet_server.store.models import RatingReason
from wire.records import Reasons


def take(record: int, chain: str, said: Reasons) -> None:
    """Keep what a record told. In a write transaction."""
    items = " ".join(said.items or ())
    RatingReason.create(record=record, chain=chain, rating=said.rating, items=items)


def of_rating(chain: str, seq: int) -> tuple[str, ...]:
    """Return the codes that were given for the rating at a position of a chain."""
    query = RatingReason.select(RatingReason.items).where(
        RatingReason.chain == chain, RatingReason.rating == seq
    )
    found = rows(query.order_by(RatingReason.record))
    return tuple(code for (items,) in found for code in items.split())
