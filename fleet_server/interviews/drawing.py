"""The draw of each week: sealed at its hour, then the heads, then the witness if one is named.

Each step is a transaction of its own and is taken once, however often the process ends and however
many there are: what step a draw has come to lies in the database. A week in which nothing ran has
no draw, and nobody makes one for it later: its list would be another. Draws begin with the first
whose day comes after contact data was first taken.
"""

from datetime import date, datetime, timedelta, tzinfo

from fleet_server import contact_key
from fleet_server.core.days import local
from fleet_server.core.draw import DrawRules, draw, pulse, seal, seed
from fleet_server.core.draw_published import heads_of
from fleet_server.core.draw_witness import check_word
from fleet_server.interviews.closing import By, settle
from fleet_server.settings import Settings
from fleet_server.store import draw_lists, draws, places
from fleet_server.store.database import reading, writing


class Weekly:
    """The draws of a fleet.

    Args:
        settings: the fleet's settings; the key of names is read from its directory.

    Raises:
        FleetError: the key is missing.
    """

    def __init__(self, settings: Settings) -> None:
        self._said = settings.interviews
        self._rules = DrawRules(self._said.wanted)
        self._names = contact_key.names(settings.layout.draw_secret)

    def look(self, now: int, zone: tzinfo) -> None:
        """Take the steps that are due."""
        here = local(now, zone)
        day = here.date()
        if self._is_time(here) and not draws.is_sealed(week_of(day)):
            self._seal(day, now)
        for week in draws.sealed_ones():
            self._take_pulse(week, day, now)
        if draws.is_late(day.isoformat()):
            with writing():
                draws.lapse(day.isoformat(), now)

    def _is_time(self, here: datetime) -> bool:
        moment = (self._said.weekday, self._said.hour)
        late = timedelta(days=here.isoweekday() - self._said.weekday)
        planned = (here.date() - late).isoformat()
        return (here.isoweekday(), here.hour) >= moment and draw_lists.may_begin(planned)

    def _seal(self, day: date, now: int) -> None:
        rules, week = self._rules, week_of(day)
        began, ended = rules.window(day)
        first, last = window = began.isoformat(), ended.isoformat()
        since = (day - timedelta(days=rules.again_days)).isoformat()
        with reading():  # it takes its time in a large fleet, and nobody waits for it
            sealed = seal(
                week,
                draw_lists.served(first, last),
                key=self._names,
                day=day,
                rules=rules,
                lately=draw_lists.lately(since),
                tree=places.tree(),
                witness=self._said.witness,
            )
            whole = draw_lists.with_others(sealed, draw_lists.others(first, last))
        due = (day + timedelta(days=rules.reach_days - 1)).isoformat()
        with writing():
            if not draws.is_sealed(week):
                draws.forget(since)
                draws.seal(whole, day.isoformat(), window, due, now)

    def _take_pulse(self, week: str, day: date, now: int) -> None:
        with writing():
            held = draws.row(week)
            if held.state != "sealed":
                return
            taken = draws.heads()
            draws.note_pulse(held, taken, pulse(taken), now)
            if not held.witness:
                finish(week, self._names, "", By(None, "server", now, day))


def week_of(day: date) -> str:
    """Return the week of a day, as ``2026-W48``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def finish(week: str, names: bytes, witnessed: str, by: By) -> bool:
    """Draw, once list and heads are fixed and the witness has spoken. In a write transaction.

    Args:
        week: of which week.
        names: the key of tickets' names.
        witnessed: what the witness said; "" if none was named.
        by: who says so and when.

    Returns:
        False if the draw does not wait, since somebody was faster or it has lapsed.

    Raises:
        ValueError: nothing was said, or it is not written as the witness was sealed.
    """
    held = draws.row(week)
    if held is None or held.state != "pulsed":
        return False
    check_word(held.witness, witnessed)
    sealed = draws.sealed_of(held)
    found = draw(sealed, seed(sealed, pulse(heads_of(held.heads)), witnessed))
    draws.note_drawn(held, found, names, witnessed, by.actor, by.at)
    settle(by, names)
    return True
