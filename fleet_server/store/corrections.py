"""Rows of ratings and ticket events whose time turns out to have been another."""

from dataclasses import dataclass
from typing import NamedTuple

from fleet_server.core.times import AtQuality, clamp
from fleet_server.store import rating_feed
from fleet_server.store.sql import ask, run


@dataclass(frozen=True, slots=True)
class Correction:
    """An offset for the rows of a boot that have no exact time, between two records."""

    boot: int
    after: int
    before: int
    offset: int
    quality: AtQuality


@dataclass(frozen=True, slots=True)
class Moved:
    """A row that got another time.

    Attributes:
        counter: Where it counts.
        visit: Its visit; None for an unbound rating.
        former: The time it had; ``at``, the one it has now.
        event: Whether it is a ticket event, and not a rating.
    """

    counter: int
    visit: str | None
    former: int
    at: int
    event: bool


class _Rows(NamedTuple):
    """Statements on a table of rows that have the time of a record."""

    select: str
    update: str
    events: bool


def _rows(table: str, key: str, visit: str, *, events: bool) -> _Rows:
    return _Rows(
        f"SELECT {key}, counter_id, {visit}, up, at, at_quality FROM {table} "
        "WHERE boot_id = ? AND at_quality <> 'exact' AND record_id > ? AND record_id < ? "
        "ORDER BY record_id",
        f"UPDATE {table} SET at = ?, at_quality = ? WHERE {key} = ?",
        events,
    )


_CORRECTED = (
    _rows("rating", "record_id", "visit", events=False),
    _rows("ticket_event", "id", "visit_id", events=True),
)


def correct(correction: Correction) -> list[Moved]:
    """Give rows their new times; return those that changed, in the order of their records.

    Not by models: a terminal that was without the time for a week corrects thousands of rows with
    every run of records that it sends afterwards.
    """
    moved: list[Moved] = []
    ratings: list[tuple[int, int]] = []
    known = (correction.boot, correction.after, correction.before)
    for rows in _CORRECTED:
        for key, counter, visit, up, former, quality in ask(rows.select, *known):
            at = clamp(correction.offset + up)
            if (former, quality) != (at, correction.quality):
                run(rows.update, at, correction.quality, key)
                moved.append(Moved(counter, visit, former, at, rows.events))
                ratings += [] if rows.events else [(key, counter)]
    rating_feed.note(ratings)
    return moved
