"""Terminals together with the judgement of how they are; pages and jobs judge alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import cached_property
from typing import Any

from fleet_server.core.ailments import Ailment, ailments, since_when
from fleet_server.core.health import MATTERS, Heard, Silence, Verdict, Watch, judge
from fleet_server.core.opening import Calendar
from fleet_server.store import listening, opening, silences
from fleet_server.store.pages import terminals as store
from fleet_server.store.pages.terminals import TerminalRow

DEAF_DAYS_MS = 8 * 86_400_000
"""Gaps of the server's own that are older decide nothing any more."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A terminal and how it is."""

    row: TerminalRow
    verdict: Verdict


@dataclass
class Bench:
    """What all terminals are judged by, read once.

    Attributes:
        now: Unix milliseconds.
        zone: of the fleet.
    """

    now: int
    zone: tzinfo
    _watches: dict[int, Watch] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the calendars, the server's own gaps, open matters and silent buttons."""
        self.calendar_of = opening.calendars(self.zone)
        self._deaf = listening.deaf(self.now - DEAF_DAYS_MS, self.now)

    @cached_property
    def _matters(self) -> Mapping[str, Mapping[str, int]]:
        return store.open_matters(MATTERS)

    @cached_property
    def _silences(self) -> Mapping[int, Sequence[Silence]]:
        return silences.of_counters()

    def judge(self, row: TerminalRow) -> Judged:
        """Judge one terminal."""
        heard = Heard(
            retired=row.retired_at,
            at_counter=row.counter is not None,
            keys=row.keys,
            valid_keys=row.valid_keys,
            certificate_until=row.certificate_until,
            state=row.state,
            state_at=row.state_at,
            last_seen=row.last_seen,
            oldest_waiting_at=row.oldest_waiting_at if row.waiting else None,
            clock=row.clock,
            ailing=_ailing(row.health or {}),
            matters=self._matters.get(row.id, {}),
            silences=tuple(self._silences.get(row.counter or 0, ())),
        )
        return Judged(row, judge(heard, self._watch(self.calendar_of(row.counter))))

    def missed(self, row: TerminalRow, since: int) -> int:
        """Return for how long since a moment a terminal was expected and could be heard, in ms."""
        return self._watch(self.calendar_of(row.counter)).missed(since)

    def _watch(self, calendar: Calendar) -> Watch:
        if id(calendar) not in self._watches:
            self._watches[id(calendar)] = Watch(calendar, self._deaf, self.now)
        return self._watches[id(calendar)]


def _ailing(health: Mapping[str, Any]) -> Mapping[Ailment, int | None]:
    if "ailing" in health:
        return since_when(health)
    return dict.fromkeys(ailments(health))
