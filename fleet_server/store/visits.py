"""Visits and what was said about them.

A visit is one serving of one ticket at one counter. The queue system and a terminal may name the
same one differently: the one who comes second is matched by day, counter and normalised number,
and its name is kept as an alias. An id that is in use at another counter is another visit, since
a visit doesn't move: it is held as ``ID@COUNTER`` (no id on the wire has an ``@``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from fleet_server.core.participation import EventName, Source
from fleet_server.core.tickets import Candidate, match, normalise
from fleet_server.core.times import AtQuality
from fleet_server.store.database import rows
from fleet_server.store.models import Counter, Dossier, Rating, TicketEvent, Visit, VisitAlias

Side = Literal["by_rest", "by_terminal"]
SIDES: dict[Source, Side] = {"rest": "by_rest", "terminal": "by_terminal"}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a source said about a ticket.

    Attributes:
        counter: Row of the counter.
        visit: The source's id of the visit.
        ticket: The number as printed.
        event: What happened.
        at: When; ``quality`` says how sure that is.
        day: The service day that ``at`` lies in.
        stated_day: The service day as the source itself stated it, or None.
        source: Who said so.
        idempotency: What makes a repetition of it recognisable.
        service: What the citizen came for, or None.
        record, boot, up: Where a terminal said it.
    """

    counter: int
    visit: str
    ticket: str
    event: EventName
    at: int
    quality: AtQuality
    day: str
    stated_day: str | None
    source: Source
    idempotency: str
    service: str | None = None
    record: int | None = None
    boot: int | None = None
    up: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """The visit that an event was added to; ``alias``: a name of it that was not known before."""

    visit: str
    day: str
    alias: str | None = None


def find(counter: int, raw: str) -> str | None:
    """Return the visit that a source at a counter means by an id, or None."""
    alias = VisitAlias.get_or_none(VisitAlias.counter == counter, VisitAlias.alias == raw)
    if alias is not None:
        return str(alias.visit_id)
    visit = Visit.get_or_none(Visit.id == raw, Visit.counter == counter)
    return raw if visit is not None else None


def elsewhere(counter: int, raw: str) -> str | None:
    """Return the code of the other counter that an id is in use at, or None."""
    row = (
        Visit.select(Counter.code)
        .join(Counter)
        .where(Visit.id == raw, Visit.counter != counter)
        .tuples()
        .first()
    )
    return str(row[0]) if row else None


def own_id(counter: int, raw: str) -> str:
    """Return the id by which a new visit is held."""
    if elsewhere(counter, raw) is None:
        return raw
    code = Counter.select(Counter.code).where(Counter.id == counter).scalar()
    return f"{raw}@{code}"


def bound_id(counter: int, raw: str) -> str:
    """Return the visit that a rating's id means, whether or not there is such a visit yet."""
    return find(counter, raw) or own_id(counter, raw)


def add(told: Told) -> Held:
    """Add an event to its visit, which is begun where it is new."""
    held = _visit(told)
    TicketEvent.insert(
        visit=held.visit,
        counter=told.counter,
        event=told.event,
        at=told.at,
        at_quality=told.quality,
        source=told.source,
        record=told.record,
        boot=told.boot,
        up=told.up,
        day=told.stated_day,
        idempotency=told.idempotency,
    ).execute()
    return held


def _visit(told: Told) -> Held:
    visit, alias = find(told.counter, told.visit), None
    if visit is None:
        visit = _same(told)
        alias = told.visit if visit is not None else None
    if visit is None:
        return _begin(told)
    if alias is not None:
        VisitAlias.insert(counter=told.counter, alias=alias, visit=visit).execute()
    side = SIDES[told.source]
    Visit.update({getattr(Visit, side): True}).where(Visit.id == visit).execute()
    if told.service is not None:
        Visit.update(service=told.service).where(
            Visit.id == visit, Visit.service.is_null()
        ).execute()
    day = Visit.select(Visit.day).where(Visit.id == visit).scalar()
    return Held(visit, str(day), alias)


def _same(told: Told) -> str | None:
    """Return the visit that only the other source has told of, if this is it."""
    query = Visit.select(Visit.id, Visit.first_at).where(
        Visit.counter == told.counter,
        Visit.day == (told.stated_day or told.day),
        Visit.ticket_norm == norm(told.ticket),
        ~getattr(Visit, SIDES[told.source]),
    )
    return match(told.at, [Candidate(*row) for row in rows(query)])


def _begin(told: Told) -> Held:
    visit = own_id(told.counter, told.visit)
    day = told.stated_day or told.day
    Visit.insert(
        id=visit,
        counter=told.counter,
        ticket=told.ticket,
        ticket_norm=norm(told.ticket),
        day=day,
        service=told.service,
        first_at=told.at,
        by_rest=told.source == "rest",
        by_terminal=told.source == "terminal",
    ).execute()
    if visit != told.visit:
        VisitAlias.insert(counter=told.counter, alias=told.visit, visit=visit).execute()
    return Held(visit, day)


def norm(ticket: str) -> str:
    """Return the number in its normal form; one without letter or digit stands for itself."""
    return normalise(ticket) or ticket


def latest(counter: int, day: str, ticket: str) -> Visit | None:
    """Return the last visit of a number at a counter on a day."""
    query = Visit.select().where(
        Visit.counter == counter, Visit.day == day, Visit.ticket_norm == norm(ticket)
    )
    return next(iter(query.order_by(Visit.first_at.desc(), Visit.id).limit(1)), None)


def redate(visit: str, day: str) -> tuple[str, str]:
    """Move a visit to another day, unless a source stated the day; return both days."""
    row = Visit.get_by_id(visit)
    stated = TicketEvent.select(TicketEvent.id).where(
        TicketEvent.visit == visit, TicketEvent.day.is_null(False)
    )
    if row.day != day and not stated.exists():
        former, row.day = row.day, day
        row.save(only=[Visit.day])
        return former, day
    return row.day, row.day


def days_of(visits: Iterable[str]) -> set[tuple[int, str]]:
    """Return counter and day of visits, those that are known."""
    query = Visit.select(Visit.counter, Visit.day).where(Visit.id.in_(sorted(visits)))
    return set(rows(query))


def rename(counter: int, alias: str, visit: str) -> int:
    """Bind ratings that named a visit by what turned out to be an alias; return how many."""
    query = Rating.update(visit=visit, standing=False).where(
        Rating.counter == counter, Rating.visit == alias
    )
    return int(query.execute())


def note_dossier(visit: str, dossier: str) -> None:
    """Keep the dossier of a visit, the last one given."""
    Dossier.insert(visit=visit, dossier=dossier).on_conflict(
        conflict_target=[Dossier.visit], update={Dossier.dossier: dossier}
    ).execute()


def drop_untold(visits: Iterable[str]) -> None:
    """Remove visits of which nothing is told any more, and bring the others' sources up to date."""
    for visit in sorted(visits):
        events = TicketEvent.select(TicketEvent.source).where(TicketEvent.visit == visit).distinct()
        sources = {source for (source,) in rows(events)}
        if sources:
            seen = {SIDES["rest"]: "rest" in sources, SIDES["terminal"]: "terminal" in sources}
            Visit.update(seen).where(Visit.id == visit).execute()
            continue
        for table in (VisitAlias, Dossier):
            table.delete().where(table.visit == visit).execute()
        Visit.delete().where(Visit.id == visit).execute()
