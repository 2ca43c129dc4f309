"""Complaints by items: each is kept, and has its case at once. In the transaction of ingest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo

from fleet_server.core.case_events import Subject
from fleet_server.core.days import day_of
from fleet_server.store import case_files, case_news, case_terms, places
from fleet_server.store.models import Complaint, Counter


@dataclass(frozen=True, slots=True)
class NewComplaint:
    """A complaint that a record told.

    Attributes:
        record: the row of the record; ``chain`` and ``seq`` are where it stands.
        counter: the row of the counter.
        items: what was touched, by codes.
        at: when, Unix milliseconds.
    """

    record: int
    chain: str
    seq: int
    counter: int
    items: tuple[str, ...]
    at: int


def take(complaints: Iterable[NewComplaint], now: int, zone: tzinfo) -> list[int]:
    """Keep complaints, and open their cases; return the ids of these."""
    found = list(complaints)
    if not found:
        return []
    tree = places.tree()
    opened: list[int] = []
    for one in found:
        Complaint.create(
            record=one.record, counter=one.counter, at=one.at, items=" ".join(one.items)
        )
        unit = int(Counter.get_by_id(one.counter).unit_id)
        days = case_terms.of(unit, tree).answer
        due = case_files.deadline(unit, now, days, zone)
        case = case_files.open_case(_subject(one, unit, zone), due, now)
        if case is not None:
            case_news.tell_complaint(case, case_files.one(case), one.at, now)
            opened.append(case)
    return opened


def _subject(one: NewComplaint, unit: int, zone: tzinfo) -> Subject:
    day = day_of(one.at, zone).name
    return Subject("item", unit, one.counter, day, f"{one.chain}/{one.seq}", one.items)
