"""Lets the fleet take what citizens say beside the terminal, as its pages and programs do."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from functools import cache

from fleet_server import contact_key
from fleet_server.channels.lists import TakenAlready, take
from fleet_server.contact_key import Reach
from fleet_server.core.days import day_of
from fleet_server.core.roles import Role, scope_of
from fleet_server.district.staff import who_is
from fleet_server.district.voices import Consent, Later, Listed, Voice
from fleet_server.settings import Settings
from fleet_server.store import contacts, later, offices, places, unsigned, visits
from fleet_server.store.contacts import Given
from fleet_server.store.database import writing
from fleet_server.store.pages.counters import counter as counter_of
from fleet_server.store.pages.people import Person

Who = Callable[[Role, int, int], Person]
"""As `who_is`."""

QUEUE = "key:xep-hang-mot-cua"
"""As which key the queue system speaks."""


class Hearing:
    """Takes it, in order; what was taken once changes nothing.

    Args:
        settings: the fleet's settings; the key of contact data is read from its directory.

    Raises:
        FleetError: the key is missing.
    """

    def __init__(self, settings: Settings) -> None:
        self._zone, self._days = settings.fleet.zone, settings.interviews.contact_days
        self._key = contact_key.read(settings.layout.contact_secret)

    def take(self, heard: Iterable[Voice]) -> None:
        """Take what is said at about one time, in one transaction."""
        who = cache(who_is)
        with writing():
            for said in heard:
                match said:
                    case Consent():
                        self._consent(said, who)
                    case Later():
                        self._later(said)
                    case Listed():
                        self._listed(said, who)

    def _consent(self, said: Consent, who: Who) -> None:
        unit, visit = _visit(said)
        if visit is None or contacts.terms_of(visit) is not None:
            return  # its terminal has not told of it by now; or the day is taken again
        reach, by = Reach(said.name, said.number), QUEUE
        if said.visit is None:
            by = f"person:{who('interviewer', unit, said.at).email}"
        given = Given(visit, reach, said.at, date.fromisoformat(said.day), self._days, by)
        contacts.take(given, self._key)

    def _listed(self, said: Listed, who: Who) -> None:
        tree = places.tree()
        unit = offices.unit_id(said.unit)
        by = who("quality_officer", unit, said.at)
        scope, today = scope_of("enter", by.grants, tree), day_of(said.at, self._zone).name
        known = unsigned.known(tree, scope, today)
        with suppress(TakenAlready):  # the day is taken again
            take(said.content, said.name, known, f"person:{by.email}", said.at, self._zone)

    def _later(self, said: Later) -> None:
        _, visit = _visit(said)
        held = later.ticket(visit) if visit else None
        if held is not None:
            later.rate(held, said.choice, said.at, day_of(said.at, self._zone).name)


def _visit(said: Consent | Later) -> tuple[int, str | None]:
    """Return the unit of a counter, and the visit there as far as it is known."""
    counter = counter_of(said.counter)
    if counter is None:
        raise LookupError(f"the district has no counter {said.counter}")
    if said.visit is not None:
        return counter.unit, visits.find(counter.id, said.visit)
    found = visits.latest(counter.id, said.day, said.ticket)
    return counter.unit, None if found is None else str(found.id)
