"""Ratings: taking them, judging those of one visit together, and listing them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fleet_server.core.standing import Judgement, Press, judge
from fleet_server.store.boots import Timed
from fleet_server.store.database import rows
from fleet_server.store.models import Boot, Chain, Counter, Rating, Record

BATCH = 100


@dataclass(frozen=True, slots=True)
class NewRating:
    """A rating record that was just taken; ``visit`` is the server's id of it, or None."""

    record: int
    terminal: str
    counter: int
    visit: str | None
    choice: str
    timed: Timed
    replaces: int | None
    flagged: bool
    disputed: bool


def add(ratings: Sequence[NewRating]) -> None:
    """Take ratings and judge them with all others of their visits."""
    values = [_row(rating) for rating in ratings]
    for start in range(0, len(values), BATCH):
        Rating.insert_many(values[start : start + BATCH]).execute()
    rejudge({rating.visit for rating in ratings if rating.visit is not None})


def _row(rating: NewRating) -> dict[str, object]:
    return {
        "record": rating.record,
        "terminal": rating.terminal,
        "counter": rating.counter,
        "visit": rating.visit,
        "choice": rating.choice,
        "at": rating.timed.time.at,
        "at_quality": rating.timed.time.quality,
        "boot": rating.timed.boot,
        "up": rating.timed.up,
        "standing": False,
        "contested": False,
        "disputed": rating.disputed,
        "unbound": rating.visit is None and not rating.disputed,
        "replaced_by": None,
        "replaces": rating.replaces,
        "flagged": rating.flagged,
    }


def rejudge(visits: Iterable[str]) -> None:
    """Judge all ratings of some visits (`fleet_server.core.standing`), and note what changed."""
    names = sorted(visits)
    for start in range(0, len(names), BATCH):
        _rejudge(names[start : start + BATCH])


def _rejudge(visits: Sequence[str]) -> None:
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
            Rating.disputed,
            Rating.standing,
            Rating.contested,
            Rating.replaced_by,
        )
        .join(Record)
        .switch(Rating)
        .join(Boot)
        .where(Rating.visit.in_(visits))
    )
    presses: dict[str, list[Press]] = {}
    former: dict[int, tuple[bool, bool, int | None]] = {}
    for visit, *press, standing, contested, replaced_by in rows(query):
        presses.setdefault(visit, []).append(Press(*press))
        former[press[0]] = (bool(standing), bool(contested), replaced_by)
    judged: dict[int, Judgement] = {}
    for together in presses.values():
        judged |= judge(together)
    _note(former, judged)


def _note(former: dict[int, tuple[bool, bool, int | None]], judged: dict[int, Judgement]) -> None:
    changed: dict[tuple[bool, bool, int | None], list[int]] = {}
    for record, judgement in judged.items():
        status = judgement.status
        now = (status == "standing", status == "contested", judgement.replaced_by)
        if now != former[record]:
            changed.setdefault(now, []).append(record)
    # What no longer stands goes first: the index allows one that stands for each visit.
    for (standing, contested, replaced_by), records in sorted(
        changed.items(), key=lambda item: item[0][0]
    ):
        Rating.update(standing=standing, contested=contested, replaced_by=replaced_by).where(
            Rating.record.in_(records)
        ).execute()


@dataclass(frozen=True, slots=True)
class Listed:
    """A rating as the REST interface shows it; ``record`` is its cursor."""

    record: int
    counter: str
    visit: str | None
    choice: str
    at: int
    at_quality: str
    standing: bool
    contested: bool
    disputed: bool
    unbound: bool
    replaced_by: int | None
    terminal: str
    chain: str
    seq: int
    hash: str
    received_at: int


def after(cursor: int, limit: int, last: int | None = None) -> list[Listed]:
    """Return ratings whose record number is above ``cursor``, in that order."""
    query = (
        Rating.select(
            Rating.record,
            Counter.code,
            Rating.visit,
            Rating.choice,
            Rating.at,
            Rating.at_quality,
            Rating.standing,
            Rating.contested,
            Rating.disputed,
            Rating.unbound,
            Rating.replaced_by,
            Rating.terminal,
            Chain.chain_id,
            Record.seq,
            Record.hash,
            Record.received_at,
        )
        .join(Counter)
        .switch(Rating)
        .join(Record)
        .join(Chain)
        .where(Rating.record > cursor)
        .order_by(Rating.record)
        .limit(limit)
    )
    if last is not None:
        query = query.where(Rating.record <= last)
    return [Listed(*row) for row in rows(query)]
