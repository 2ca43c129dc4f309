"""What a report has to say beside its figures, as the store finds it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from fleet_server.core.days import day_of, day_on
from fleet_server.core.gaps import Status
from fleet_server.core.report import Caveats
from fleet_server.reports.scored import changes
from fleet_server.store import targets
from fleet_server.store.pages import counters as counter_store
from fleet_server.store.pages import reported
from fleet_server.web import lacks
from fleet_server.web.pieces import Asked, Spell, spells
from fleet_server.web.services import services


def caveats(asked: Asked) -> Caveats:
    """Return what has to be said of the figures that a report asks for."""
    held = spells(asked)
    first, last = asked.period.first.isoformat(), asked.period.last.isoformat()
    zone = services().settings.fleet.zone
    over = asked.period.until(asked.today).last
    return Caveats(
        days=_days(asked, held),
        late=_late(asked, held),
        waiting=reported.may_still_send({one.counter for one in held}, day_on(over, zone).start),
        targets=targets.targets().changes(first, last),
        scales=changes(asked),
    )


def _days(asked: Asked, held: Sequence[Spell]) -> Mapping[str, Mapping[str, Status]]:
    """Return what each day was to each counter by its code, of the days on which it lay here."""
    lacking = lacks.by_counter({one.counter for one in held}, asked.period, asked.today)
    codes = {one.id: one.code for one in counter_store.counters()}
    found: dict[str, dict[str, Status]] = defaultdict(dict)
    for spell in held:
        found[codes[spell.counter]] |= {
            day: status
            for day, status in lacking[spell.counter].days.items()
            if spell.first <= day <= spell.last
        }
    return found


def _late(asked: Asked, held: Sequence[Spell]) -> int:
    """Return how many ratings came later than on the day after theirs."""
    zone = services().settings.fleet.zone
    began, end = day_on(asked.period.first, zone).start, day_on(asked.period.last, zone).end
    lain: dict[int, list[Spell]] = defaultdict(list)
    for spell in held:
        lain[spell.counter].append(spell)
    count = 0
    for counter, at, received in reported.came_later(lain.keys(), began, end):
        day = day_of(at, zone)
        here = any(one.first <= day.name <= one.last for one in lain[counter])
        count += here and received >= day_of(day.end, zone).end
    return count
