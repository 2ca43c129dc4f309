"""Whether the figures say what the records say. Pure.

The audit of the chains shows that the records are the terminals' own. Then, for each of them:

1. A rating in the figures has the visit, the correction, the mark and the time of its record. A
   visit may stand under another name that is known for it.
2. Every ticket record that counts is an event of its visit, with its own word and time. It is not
   late: only words of the queue system are (`core.visits`, rule 7).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from fleet_server.core.times import clamp
from fleet_server.core.visits import event_of
from wire.fields import format_time
from wire.records import Rating, Record, Ticket

Names = Callable[[str], Collection[str]]
"""Returns the other names of a visit."""


@dataclass(frozen=True, slots=True)
class HeldRating:
    """A rating in the figures; the fields are those of the table."""

    visit: str | None
    at: int
    at_quality: str
    up: int
    replaces: int | None
    flagged: bool
    standing: bool
    contested: bool


@dataclass(frozen=True, slots=True)
class HeldEvent:
    """A ticket event in the figures; the fields are those of the table."""

    visit: str
    event: str
    at: int
    at_quality: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What the figures hold of one record.

    Attributes:
        disputed: how the record itself is held.
        counts: its counter is known.
    """

    disputed: bool
    counts: bool
    rating: HeldRating | None = None
    event: HeldEvent | None = None


def compare(record: Record, held: Held, names: Names) -> list[str]:
    """Return what the figures say otherwise than the record, in words."""
    body, wrong = record.body, []
    if isinstance(body, Rating) and held.rating is not None:
        wrong += _rating(record, body, held.rating, names)
    if isinstance(body, Ticket):
        wrong += _ticket(record, body, held, names)
    elif held.event is not None:
        wrong.append("is no ticket record, but counts as one in the figures")
    return wrong


def _rating(record: Record, body: Rating, held: HeldRating, names: Names) -> list[str]:
    wrong = _visit(body.visit, body.counter, held.visit, names)
    wrong += _time(record, held.at, held.at_quality)
    said = (record.stamp.up, body.replaces, bool(body.contested))
    if (held.up, held.replaces, held.flagged) != said:
        wrong.append("is another correction in the figures than it says")
    if body.visit is None and (held.standing or held.contested):
        wrong.append("names no visit, but is judged like one that does")
    return wrong


def _ticket(record: Record, body: Ticket, held: Held, names: Names) -> list[str]:
    event = held.event
    if held.disputed or not held.counts:
        return [] if event is None else ["does not count, but is an event in the figures"]
    if event is None:
        return ["is a ticket record, but no event in the figures"]
    wrong = _visit(body.visit, body.counter, event.visit, names)
    wrong += _time(record, event.at, event.at_quality)
    if event.event != event_of(body):
        wrong.append(f"says {body.event}, but the figures say {event.event}")
    if event.late:
        wrong.append("is what a terminal says, but is late in the figures")
    return wrong


def _visit(said: str | None, counter: str, held: str | None, names: Names) -> list[str]:
    if said == held or (said is not None and held == f"{said}@{counter}"):
        return []
    if said is not None and held is not None and said in names(held):
        return []
    return [f"names visit {said or 'none'}, but the figures say {held or 'none'}"]


def _time(record: Record, at: int, quality: str) -> list[str]:
    stamp = record.stamp
    exact = stamp.clock != "unset"
    if exact != (quality == "exact"):
        return [f"has a clock that was {stamp.clock}, but is {quality} in the figures"]
    if exact and at != clamp(stamp.at):
        return [f"was written at {format_time(stamp.at)}, but the figures say another time"]
    return []
