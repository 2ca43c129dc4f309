"""Whatever records and queue events come, in whatever batches: the figures are those of a recount.

The recount here shares no code with the server: it reads what was sent, and knows the rules of
WIRE.md and of the API's description only.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet_server.core.participation import COUNTED
from fleet_server.store import intake, queue_events, rollups
from fleet_server.store.database import writing
from fleet_server.store.models import Hourly, Rating
from fleet_server.store.queue_events import Word
from tests.fakes import databases
from tests.fakes.desk import NINE, Desk
from wire import records

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.timeout(600)]

NAMES = ("very_satisfied", "satisfied", "unsatisfied")
VISITS = ("v1", "v2", "v3")


@dataclass(frozen=True)
class Step:
    """One thing that happens, some milliseconds after the one before."""

    kind: str
    visit: str | None
    what: str
    gap: int
    source: str
    corrects: bool
    disputed: bool


STEPS = st.builds(
    Step,
    kind=st.sampled_from(["ticket", "rating", "rating", "reboot"]),
    visit=st.sampled_from([*VISITS, None]),
    what=st.sampled_from(["called", "recalled", "transferred", "no_show", "closed"]),
    gap=st.sampled_from([1, 900, 4_900, 5_100, 600_000]),
    source=st.sampled_from(["rest", "terminal"]),
    corrects=st.booleans(),
    disputed=st.sampled_from([False, False, False, True]),
)


@dataclass
class Naive:
    """The same day, counted by hand."""

    events: list[tuple[str, str, str]] = field(default_factory=list)
    standing: dict[str, tuple[int, int, int, str]] = field(default_factory=dict)
    figures: Counter[str] = field(default_factory=Counter)

    def rate(self, visit: str | None, press: tuple[int, int, int, str], step: Step) -> None:
        """Count one press: (seq, boot, up, choice)."""
        _, boot, up, _ = press
        if step.disputed:
            self.figures["disputed"] += 1
        elif visit is None:
            self.figures["unbound"] += 1
        elif visit not in self.standing:
            self.standing[visit] = press
        else:
            former = self.standing[visit]
            if step.corrects and boot == former[1] and up - former[2] <= 5_000:
                self.standing[visit] = press
            else:
                self.figures["contested"] += 1

    def served(self) -> set[str]:
        """Which visits were served, by following each source and then both together."""
        served = set()
        for visit in {told[0] for told in self.events}:
            ends = {source: self._end(visit, source) for source in ("rest", "terminal")}
            calls = [
                place
                for place, (other, event, _) in enumerate(self.events)
                if other == visit and event in ("called", "recalled")
            ]
            last_call = max(calls, default=-1)
            other_ends = [place for event, place in ends.values() if event not in (None, "closed")]
            if any(event == "closed" for event, _ in ends.values()):
                served.add(visit)
            elif any(place > last_call for place in other_ends) or not calls:
                continue
            elif any(
                other != visit and event in ("called", "recalled")
                for other, event, _ in self.events[last_call + 1 :]
            ):
                served.add(visit)
        return served

    def _end(self, visit: str, source: str) -> tuple[str | None, int]:
        end: tuple[str | None, int] = (None, -1)
        for place, (other, event, by) in enumerate(self.events):
            if (other, by) == (visit, source):
                end = (None, -1) if event in ("called", "recalled") else (event, place)
        return end

    def total(self) -> Counter[str]:
        """All figures of the day."""
        served = self.served()
        total = Counter(self.figures)
        total["served"] = len(served)
        total["rated"] = len(served & set(self.standing))
        for press in self.standing.values():
            total[press[3]] += 1
        return +total


@dataclass
class Play:
    """Plays steps against the server and the naive count at once."""

    desk: Desk
    naive: Naive = field(default_factory=Naive)
    now: int = 0
    boot: int = 0
    batch: list[object] = field(default_factory=list)

    def step(self, step: Step) -> None:
        self.now += step.gap
        if step.kind == "reboot":
            self.boot += 1
            self.desk.reboot(self.now / 60_000)
        elif step.kind == "rating":
            self.rate(step)
        elif step.visit is not None and step.source == "rest":
            word = Word("C1", step.visit, step.what, step.visit, NINE + self.now)  # type: ignore[arg-type]
            queue_events.take(word, NINE + self.now, UTC)
            self.naive.events.append((step.visit, step.what, "rest"))
        elif step.visit is not None:
            self.ticket(step)

    def ticket(self, step: Step) -> None:
        body = records.Ticket("C1", str(step.visit), str(step.visit), step.what, "lan")  # type: ignore[arg-type]
        self.take(body, step)
        if not step.disputed:
            self.naive.events.append((str(step.visit), step.what, "terminal"))

    def rate(self, step: Step) -> None:
        choice = NAMES[self.now % 3]
        former = self.naive.standing.get(step.visit or "")
        replaces = former[0] if former and step.corrects else None
        body = records.Rating("C1", step.visit, choice, "button", 1, replaces)  # type: ignore[arg-type]
        self.take(body, step)
        press = (self.desk.seq, self.boot, self.now, choice)
        self.naive.rate(step.visit, press, step)

    def take(self, body: records.Body, step: Step) -> None:
        taken = self.desk.store(body, self.now, step.disputed)
        with writing():
            intake.apply_batch([(self.desk.chain, [taken])], NINE + self.now, UTC)


def held() -> Counter[str]:
    total: Counter[str] = Counter()
    for row in Hourly.select():
        for name in COUNTED[:-1]:
            total[name] += getattr(row, name)
    return +total


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=20))
def test_figures_equal_an_independent_recount(steps: list[Step]) -> None:
    with databases.fleeting():
        play = Play(Desk())
        for step in steps:
            play.step(step)
        assert held() == play.naive.total()
        assert rollups.recount(UTC).differences == []
        standing = Rating.select().where(Rating.standing)
        assert len({row.visit for row in standing}) == standing.count()


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["rating", "clock", "reboot", "lose"]),
            st.integers(0, 3_600_000),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_times_held_equal_those_of_the_whole_chain(
    steps: list[tuple[str, int, bool]],
) -> None:
    from fleet_server.store.boots import moment_of
    from fleet_server.store.models import Record
    from tests.fakes.times import derive

    with databases.fleeting():
        desk = Desk()
        now, pending, chain = 0, [], []
        for kind, gap, flush in steps:
            now += gap
            if kind == "reboot":
                desk.reboot(now / 60_000)
            elif kind == "lose":
                desk.reboot(now / 60_000, "unset")
            else:
                body: records.Body = records.Rating("C1", None, "satisfied", "button", 1)
                if kind == "clock":
                    body = records.ClockSet(0, NINE + now, "ntp")
                pending.append(desk.store(body, now))
            if flush and pending:
                chain += [(one, now) for one in pending]
                with writing():
                    intake.apply_batch([(desk.chain, pending)], NINE + now, UTC)
                pending = []
        moments = [moment_of(one, NINE + received) for one, received in chain]
        for (one, _), time in zip(chain, derive(moments), strict=True):
            row = Rating.get_or_none(Rating.record == one.record_id)
            if row is not None:
                assert (row.at, row.at_quality) == (time.at, time.quality)
        assert Record.select().count() == len(chain) + len(pending) + 1
        assert rollups.recount(UTC).differences == []
