"""Visits and what was said about them.

A visit is one serving of one ticket at one counter. The queue system and a terminal may name the
same one differently: the one who comes second is matched by day, counter and normalised number,
and its name is kept as an alias. An id that is in use at another counter is another visit, since
a visit doesn't move: it is held as ``ID@COUNTER`` (no id on the wire has an ``@``). So are ratings
of a visit that nobody has told of at their counter: no terminal can rate ahead of another's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fleet_server.core.tickets import Candidate, match
from fleet_server.store import rating_feed
from fleet_server.store.database import rows
from fleet_server.store.models import Contact, Dossier, Rating, TicketEvent, Visit, VisitAlias
from fleet_server.store.sql import ask, insert, marks, parts, run
from fleet_server.store.visit_names import SIDES, Names, Told, norm, ratings_stay


@dataclass(frozen=True, slots=True)
class Held:
    """The visit that an event was added to.

    Attributes:
        visit: Its id.
        day: Its day; ``former``, that on which it was held before.
        late: Whether the event was late (`fleet_server.core.visits`, rule 7).
        loose: How ratings of it were held before that are to be bound to it now, or None.
    """

    visit: str
    day: str
    former: str
    late: bool
    loose: str | None = None


def find(counter: int, raw: str) -> str | None:
    """Return the visit that a source at a counter means by an id, or None."""
    return Names().find(counter, raw)


_EVENT = (
    "visit_id", "counter_id", "event", "at", "at_quality", "source", "record_id", "boot_id", "up",
    "day", "idempotency", "late",
)  # fmt: skip


def outer_name(visit: str) -> str:
    """Return the id by which those outside know a visit."""
    return visit.partition("@")[0]


def add(told: Told, names: Names) -> Held:
    """Add an event to its visit, which is begun where it is new."""
    held = _held(told, names)
    row = (
        held.visit, told.counter, told.event, told.at, told.quality, told.source, told.record,
        told.boot, told.up, told.stated_day, told.idempotency,
        held.late,
    )  # fmt: skip
    insert("ticket_event", _EVENT, [row])
    return held


def _held(told: Told, names: Names) -> Held:
    visit = names.find(told.counter, told.visit)
    first = visit is None or names.decides(visit, told)
    if visit is None:
        visit = _same(told)
        if visit is None:
            visit = names.begin(told)
            return _bound(visit, names.day(visit), told, names, first)
        names.look_up([visit])
        names.add_alias(told.counter, told.visit, visit)
    former = names.day(visit)
    names.tell(visit, told)
    return _bound(visit, former, told, names, first)


def _bound(visit: str, former: str, told: Told, names: Names, first: bool) -> Held:
    """Return the visit; ``first``: none whose word decides has told of it so far."""
    day = names.day(visit)
    loose = names.loose(told.counter, told.visit) if first else None
    if loose is not None and ratings_stay(told, day, loose):
        loose = None
    return Held(visit, day, former, told.late(day), loose)


def _same(told: Told) -> str | None:
    """Return the visit that only the other source has told of, if this is it."""
    found = ask(
        "SELECT id, first_at FROM visit WHERE counter_id = ? AND day = ? AND ticket_norm = ? "
        f"AND NOT {SIDES[told.source]}",
        told.counter,
        told.own_day,
        norm(told.ticket),
    )
    return match(told.at, [Candidate(*row) for row in found])


def latest(counter: int, day: str, ticket: str) -> Visit | None:
    """Return the last visit of a number at a counter on a day."""
    query = Visit.select().where(
        Visit.counter == counter, Visit.day == day, Visit.ticket_norm == norm(ticket)
    )
    return next(iter(query.order_by(Visit.first_at.desc(), Visit.id).limit(1)), None)


def begun_at(visits: Iterable[str]) -> dict[str, int]:
    """Return when the first event of each visit was; an estimated time only where all are.

    Late words say nothing of it; what only they tell of is not there.
    """
    begun: dict[str, int] = {}
    for ids in parts(sorted(visits)):
        for visit, known, guessed in ask(_BEGUN + marks(ids) + " GROUP BY visit_id", *ids):
            begun[visit] = guessed if known is None else known
    return begun


def redate(days: Mapping[str, str]) -> set[tuple[int, str]]:
    """Move visits to other days, but for those whose day a source stated in time.

    Args:
        days: The day of each visit, by its id.

    Returns:
        Counter and day of where they were, and of where they are.
    """
    touched: set[tuple[int, str]] = set()
    for ids in parts(sorted(days)):
        stated = {visit for (visit,) in ask(_STATED + marks(ids), *ids)}
        for visit, counter, former in ask(_DAYS + marks(ids), *ids):
            moves = former != days[visit] and visit not in stated
            if moves:
                run("UPDATE visit SET day = ? WHERE id = ?", days[visit], visit)
            touched |= {(counter, former), (counter, days[visit] if moves else former)}
    return touched


def takes_service(counter: int, month: str, service: str, most: int) -> bool:
    """Whether visits of a counter's month (YYYY-MM) may have a service: a known one, or one more.

    Args:
        counter: Row of the counter.
        month: The month.
        service: The service.
        most: How many a month may have.
    """
    place = counter, f"{month}-01", f"{month}-31"
    if ask(f"SELECT 1 {_SERVICES} AND service = ? LIMIT 1", *place, service):
        return True
    [(held,)] = ask(f"SELECT COUNT(DISTINCT service) {_SERVICES}", *place)
    return bool(held < most)


_SERVICES = "FROM visit WHERE counter_id = ? AND day BETWEEN ? AND ?"


def days_of(visits: Iterable[str]) -> set[tuple[int, str]]:
    """Return counter and day of visits, those that are known."""
    return {
        (counter, day)
        for ids in parts(sorted(visits))
        for _, counter, day in ask(_DAYS + marks(ids), *ids)
    }


_DAYS = "SELECT id, counter_id, day FROM visit WHERE id IN "
_BEGUN = (
    "SELECT visit_id, min(CASE WHEN at_quality <> 'estimated' THEN at END), min(at) "
    "FROM ticket_event WHERE NOT late AND visit_id IN "
)
_STATED = "SELECT visit_id FROM ticket_event WHERE day IS NOT NULL AND NOT late AND visit_id IN "


def bind(counter: int, loose: str, visit: str) -> list[int]:
    """Bind ratings of a visit that nobody had told of to the visit; return their times."""
    bound = ask(
        "SELECT record_id, at FROM rating WHERE counter_id = ? AND visit = ? ORDER BY record_id",
        counter,
        loose,
    )
    if bound and loose != visit:
        these = (Rating.counter == counter) & (Rating.visit == loose)
        Rating.update(visit=visit, standing=False).where(these).execute()
        rating_feed.note((record, counter) for record, _ in bound)
    return [at for _, at in bound]


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
        for table in (VisitAlias, Dossier, Contact):
            table.delete().where(table.visit == visit).execute()
        Visit.delete().where(Visit.id == visit).execute()
