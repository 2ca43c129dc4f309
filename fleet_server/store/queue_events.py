"""What the queue system says about tickets: one transaction from its word to the terminal's wish.

1. The same word again gets the same answer and changes nothing: the same counter, visit (or
   number), event, day and ``at``.
2. ``recalled`` without ``at`` counts again where another visit was called in between.
3. An event with a visit id begins that visit where it is new. Without one, ``called`` goes on with
   the number's last visit of the day, or begins one if that was closed or transferred; any other
   event must find one.
4. A counter that is closed on the day of the event is told of no visit any more, but of those that
   began before it closed.
5. What comes when the visit's day is over is *late* (`fleet_server.core.visits`, rule 7): it is
   kept and counted, but moves no rating.
6. A counter has at most `MOST_SERVICES` services in a month, so that nobody gives each rating one
   of its own: a call that names one more is refused, and any other word is taken without it.
7. The terminals at the counter should show the visit that was called last. Its end is told too, so
   that a rating stays open for a while. What is older than `TTL_S` is told nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo

from fleet_server.core.days import Day, day_of
from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.core.visits import CALLS, EventName
from fleet_server.store import downlink, ratings, rollups, visits
from fleet_server.store.database import rows, writing
from fleet_server.store.models import Counter, Terminal, TicketEvent, Visit
from fleet_server.store.visit_names import Names, Told, norm
from wire.ids import new_id
from wire.tickets import normalise

TTL_S = 4 * 3600
"""How long a terminal may believe a current ticket, counted from its arrival."""

FINISHED = ("closed", "transferred")

MOST_SERVICES = 50
"""How many services visits of a counter may have in a calendar month."""


@dataclass(frozen=True, slots=True)
class Word:
    """One request of the queue system, checked for form; times are Unix milliseconds."""

    counter: str
    ticket: str
    event: EventName
    visit: str | None = None
    at: int | None = None
    dossier: str | None = None
    service: str | None = None


class Refused(Exception):
    """The word can't be taken; nothing was changed.

    Attributes:
        status: The HTTP status that says so.
    """

    def __init__(self, status: int, message: str) -> None:
        """Say what is wrong and what to do."""
        super().__init__(message)
        self.status = status


def take(word: Word, now_ms: int, zone: tzinfo, scope: Scope = EVERYTHING) -> str:
    """Take one word of the queue system and return the visit's id.

    Args:
        word: what it says.
        now_ms: Unix milliseconds.
        zone: the fleet's time zone.
        scope: the part of the fleet that may be spoken of; a counter outside is not there.

    Raises:
        Refused: the counter or the visit don't fit.
    """
    with writing():
        desk = _desk(word, now_ms, zone, scope)
        answer = desk.take()
        if desk.days:
            rollups.recompute(desk.days, zone)
            desk.tell_terminals()
        return answer


def take_all(told: Iterable[tuple[int, Word]], zone: tzinfo, scope: Scope = EVERYTHING) -> None:
    """Take many words in one transaction, each at its own time, as if one after the other.

    A counter's day is worked out once for all of them, and terminals hear what is so at the end:
    what comes of it is the same.

    Args:
        told: when a word came, in Unix milliseconds, and the word; in order.
        zone: the fleet's time zone.
        scope: as for `take`.

    Raises:
        Refused: one of them doesn't fit; none was taken.
    """
    with writing():
        days: set[tuple[int, str]] = set()
        last: dict[str, dict[str, _Desk]] = {}
        for now_ms, word in told:
            if word.visit is None:  # which visit a number means depends on how others ended
                rollups.recompute(days, zone)
                days = set()
            desk = _desk(word, now_ms, zone, scope)
            desk.take()
            if desk.days:
                days |= desk.days
                last.setdefault(word.counter, {})[desk.visit] = desk
        rollups.recompute(days, zone)
        for desks in last.values():
            current = next(reversed(desks.values())).current()
            if current in desks:
                desks[current].tell_terminals()


def _desk(word: Word, now_ms: int, zone: tzinfo, scope: Scope) -> "_Desk":
    counter = Counter.get_or_none(Counter.code == word.counter)
    if counter is None or not scope.covers(counter.unit_id):
        raise Refused(404, f"there is no counter {word.counter[:32]}")
    return _Desk(counter, word, now_ms, zone, scope)


class _Desk:
    """A counter while one word about it is taken.

    Attributes:
        visit: the visit that the word is about, once it is taken.
        days: the counters' days to be worked out anew; none if the word was taken before.
    """

    def __init__(
        self, counter: Counter, word: Word, now_ms: int, zone: tzinfo, scope: Scope
    ) -> None:
        self._counter, self._word, self._now, self._zone = counter, word, now_ms, zone
        self._scope = scope
        self._today: Day = day_of(now_ms, zone)
        # A clock that is ahead must not put a visit of today into tomorrow.
        self._at = now_ms if word.at is None else min(word.at, self._today.end - 1)
        self._day: Day = day_of(self._at, zone)
        self._names = Names()
        self.visit = ""
        self.days: set[tuple[int, str]] = set()

    def take(self) -> str:
        """Take the word, unless it was taken before; return the visit's id."""
        key = self._natural_key()
        said = TicketEvent.get_or_none(TicketEvent.idempotency == key)
        if said is not None and not self._counts_again(said):
            return self._word.visit or visits.outer_name(str(said.visit_id))
        self._check_open()
        if said is not None:
            key = f"{key}#{new_id()}"
        held = visits.add(self._told(key), self._names)
        days = {held.day, held.former}
        if held.loose is not None:
            times = visits.bind(self._counter.id, held.loose, held.visit)
            days |= {day_of(at, self._zone).name for at in times}
            if times:
                ratings.rejudge([held.visit])
        if self._word.dossier is not None:
            visits.note_dossier(held.visit, self._word.dossier)
        self.visit, self.days = held.visit, {(self._counter.id, day) for day in days}
        return self._word.visit or visits.outer_name(held.visit)

    def _check_open(self) -> None:
        closed, held = self._counter.closed_day, self._held_day()
        if closed is None or min(self._day.name, held or closed) < closed:
            return
        raise Refused(
            409,
            f"counter {self._counter.code} is closed since {closed}: only visits that began before "
            "can be told of; use an open counter, or have this one opened again",
        )

    def _held_day(self) -> str | None:
        """Return the day of the visit whose id was given, if it is held."""
        visit = self._word.visit
        found = None if visit is None else self._names.find(self._counter.id, visit)
        return None if found is None else self._names.day(found)

    def _service(self) -> str | None:
        """Return the service that was named; one too many is none, but for who calls a ticket.

        So the end of a visit is taken whatever the queue system names beside it.
        """
        service, month = self._word.service, (self._held_day() or self._day.name)[:7]
        here = self._counter.id, month
        if service is None or visits.takes_service(*here, service, MOST_SERVICES):
            return service
        if self._word.event not in CALLS:
            return None
        raise Refused(
            409,
            f"service: counter {self._counter.code} has had {MOST_SERVICES} services in {month}, "
            "and more are not taken; name one of these, or none",
        )

    def _natural_key(self) -> str:
        word = self._word
        what = f"t={normalise(word.ticket)}" if word.visit is None else f"v={word.visit}"
        at = "" if word.at is None else word.at
        return f"rest:{self._counter.id}:{what}:{word.event}:{self._day.name}:{at}"

    def _counts_again(self, said: TicketEvent) -> bool:
        if self._word.event != "recalled" or self._word.at is not None:
            return False
        return self.current() != said.visit_id

    def _told(self, key: str) -> Told:
        word = self._word
        return Told(
            counter=self._counter.id,
            visit=self._given() if word.visit is not None else self._found(),
            ticket=word.ticket,
            event=word.event,
            at=self._at,
            quality="exact",
            day=self._day.name,
            stated_day=self._day.name,
            source="rest",
            idempotency=key,
            service=self._service(),
            heard=self._today,
        )

    def _given(self) -> str:
        """Return the visit id that was given, if it fits counter and number.

        What terminals elsewhere say that they serve under this id can't keep the queue system out;
        nor can what another queue system says of counters that this one may not see. It is as if
        nobody had used the id: the visit is another one of the same outer name.
        """
        visit = self._word.visit or ""
        found = self._names.find(self._counter.id, visit)
        other = self._names.elsewhere(self._counter.id, visit) if found is None else None
        if other is not None and self._names.told_by_rest(visit) and self._sees(other):
            raise Refused(
                409,
                f"visit: {visit} is at counter {other}; a visit is one serving at one counter, "
                "so a ticket that moves on needs a new visit id",
            )
        held = Visit.get_by_id(found) if found is not None else None
        if held is not None and held.ticket_norm != norm(self._word.ticket):
            raise Refused(409, f"visit: {visit} has the ticket {held.ticket}; take a new visit id")
        return visit

    def _sees(self, counter: str) -> bool:
        return self._scope.covers(Counter.get(Counter.code == counter).unit_id)

    def _found(self) -> str:
        """Return the visit that a number without a visit id means."""
        word = self._word
        last = visits.latest(self._counter.id, self._day.name, word.ticket)
        if last is not None and not (word.event == "called" and last.ended in FINISHED):
            return str(last.id)
        if word.event == "called":
            return new_id()
        raise Refused(
            404,
            f"ticket: {word.ticket} was not called at counter {word.counter} on {self._day.name}; "
            "call it first, or give its visit",
        )

    def current(self) -> str | None:
        """Return the visit that the queue system called last at this counter on the day."""
        query = (
            TicketEvent.select(TicketEvent.visit)
            .join(Visit)
            .where(
                Visit.counter == self._counter.id,
                Visit.day == self._day.name,
                TicketEvent.source == "rest",
                TicketEvent.event.in_(CALLS),
            )
            .order_by(TicketEvent.at.desc(), TicketEvent.id.desc())
            .limit(1)
        )
        return next((str(visit) for (visit,) in rows(query)), None)

    def tell_terminals(self) -> None:
        """Have the counter's terminals show the visit, if it is the one that was called last."""
        if self.current() != self.visit or self._at < self._now - TTL_S * 1_000:
            return
        row = Visit.get_by_id(self.visit)
        body = {
            "ttl_s": TTL_S,
            "counter": self._counter.code,
            "counter_name": self._counter.name,
            "visit": visits.outer_name(self.visit),
            "ticket": row.ticket,
            "event": self._word.event,
            "day": row.day,
            "service": row.service,
        }
        terminals = Terminal.select(Terminal.id).where(
            Terminal.counter == self._counter.id, Terminal.retired_at.is_null()
        )
        for (terminal,) in rows(terminals):
            downlink.want(terminal, "ticket", body)
