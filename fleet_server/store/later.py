"""Rating a ticket later, by its QR: what is known of the visit, and taking the rating."""

from dataclasses import dataclass

from fleet_server.core.channels import Refusal, Row, refusal
from fleet_server.core.participation import ChoiceName
from fleet_server.store import unsigned, visits
from fleet_server.store.database import rows
from fleet_server.store.models import Counter, CounterPlace, Rating, Unit, UnsignedRating, Visit
from fleet_server.store.unsigned import Taking
from fleet_server.store.visit_names import norm

SERVED = ("closed", "followed")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A visit as the page of its QR shows it: what stands on the ticket anyway.

    Attributes:
        visit: its id.
        number: the ticket's number as printed.
        day: its day.
        counter: row of the counter, and ``counter_name``.
        unit: row of the unit in which the counter lay on that day, and ``unit_name``.
        ended: how the visit ended, None while it is open.
    """

    visit: str
    number: str
    day: str
    counter: int
    counter_name: str
    unit: int
    unit_name: str
    ended: str | None

    @property
    def served(self) -> bool:
        """Whether the visit is served."""
        return self.ended in SERVED


def ticket(visit: str) -> Ticket | None:
    """Return what is known of a visit, or None."""
    query = (
        Visit.select(
            Visit.id, Visit.ticket, Visit.day, Counter.id, Counter.name, Unit.id, Unit.name,
            Visit.ended,
        )
        .join(Counter)
        .join(CounterPlace, on=CounterPlace.counter == Counter.id)
        .join(Unit, on=CounterPlace.unit == Unit.id)
        .where(
            Visit.id == visit,
            CounterPlace.since_day <= Visit.day,
            CounterPlace.until_day > Visit.day,
        )
    )  # fmt: skip
    found = rows(query)
    return Ticket(*found[0]) if found else None


def visit_of(counter: str, outer: str) -> tuple[str, str]:
    """Return id and day of a visit that the queue system has just told of, by its own name."""
    number = Counter.get(Counter.code == counter).id
    found = Visit.get_by_id(visits.find(number, outer))
    return found.id, found.day


def last(counter: str, number: str | None, day: str) -> Ticket | None:
    """Return a counter's last visit of a day, or that of a ticket's number; None without one."""
    query = Visit.select(Visit.id).join(Counter).where(Counter.code == counter, Visit.day == day)
    if number is not None:
        query = query.where(Visit.ticket_norm == norm(number))
    found = rows(query.order_by(Visit.first_at.desc(), Visit.id).limit(1))
    return ticket(found[0][0]) if found else None


def refused(held: Ticket) -> Refusal | None:
    """Return why a ticket can't be rated now, or None if it can."""
    standing = Rating.select().where(Rating.visit == held.visit, Rating.standing)
    ways = UnsignedRating.select(UnsignedRating.way).where(UnsignedRating.visit == held.visit)
    return refusal(held.served, standing.exists(), {way for (way,) in rows(ways)})


def rate(held: Ticket, choice: ChoiceName, now: int, today: str) -> Refusal | None:
    """Take a rating by QR, in a write transaction; return why it can't be taken, if so."""
    why = refused(held)
    if why is None:
        row = Row("qr", choice, held.day, held.unit, held.counter, held.number)
        unsigned.take([row], Taking(now, today, "server"), held.visit)
    return why
