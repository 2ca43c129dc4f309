"""Keeps the district alive while people look at it: what is to happen now, happens now."""

from dataclasses import replace
from pathlib import Path

from fleet_server.district.building import RUNNING, Taking, index_of, reports
from fleet_server.district.district import District
from fleet_server.district.kept import Kept, keep
from fleet_server.district.making import MadeDay, Pace, make_day

BEAT = Pace(beat=15_000)
REPORT_MS = 60_000


class Pulse:
    """Lets the fleet take what has come due.

    Args:
        district: what lives.
        taking: lets the fleet take it.
        folder: where to keep how far it is.
        kept: how far it is.
    """

    def __init__(self, district: District, taking: Taking, folder: Path, kept: Kept) -> None:
        self._district, self._taking, self._folder = district, taking, folder
        self._kept = kept
        self._day: MadeDay | None = None
        self._reported = 0
        self._back = RUNNING.beat

    def beat(self, now: int) -> None:
        """Take what came due until ``now`` (Unix milliseconds)."""
        index = index_of(self._district, now)
        while self._kept.index < index:
            day = self._made()
            self._taking.take(self._district, day, self._kept.until, now)
            self._kept = replace(self._kept, index=day.index + 1, states=day.states)
            self._day = None
        self._taking.take(self._district, self._made(), self._kept.until, now, self._back)
        self._back = 0  # from here on at this beat
        self._taking.answer(now)
        if now - self._reported >= REPORT_MS:
            self._taking.receive(list(reports(self._district, now)), now)
            self._reported = now
        self._kept = replace(self._kept, until=now)
        keep(self._folder, self._kept)

    def _made(self) -> MadeDay:
        if self._day is None:
            self._day = make_day(self._district, self._kept.states, self._kept.index, BEAT)
        return self._day
