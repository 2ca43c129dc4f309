"""Four weeks of figures of each counter, and the visits of today."""

from dataclasses import astuple, dataclass, field
from datetime import datetime
from random import Random

from fleet_server.core.choices import Choices
from fleet_server.core.participation import Counts
from fleet_server.store import daily, places, running
from fleet_server.store.models import Boot, Chain, Hourly, Rating, Record, Visit
from tests.fakes.office.counters import COUNTERS, MISSING, MISSING_BACK, SERVICES, terminal_id
from tests.fakes.office.figures import of
from tests.fakes.office.moment import DAY_MS, HOUR_MS, MINUTE_MS, VIETNAM


@dataclass(slots=True)
class Visits:
    """Visits of the office, always the same ones by a fixed seed."""

    now: int
    random: Random = field(default_factory=lambda: Random(20261122))
    counted: dict[tuple[int, str], dict[str, Counts]] = field(default_factory=dict)

    def add(self) -> None:
        """Add all of them, and what is counted of them."""
        for index in range(len(COUNTERS)):
            self.history(index)
            self.today(index)
        self.days()

    def history(self, index: int) -> None:
        """Add the hourly roll-ups of the last four weeks."""
        midnight = self._midnight()
        for back in range(1, 29):
            start = midnight - back * DAY_MS
            if back == MISSING_BACK and index == MISSING:
                continue
            for hour in (7, 8, 9, 10, 13, 14, 15, 16):
                self._hour(index, start + hour * HOUR_MS, self.random.randint(4, 14))

    def today(self, index: int) -> None:
        """Add today's visits and their roll-ups, from seven o'clock until now."""
        code, _name, _unit, asked, liked = COUNTERS[index]
        at = self._midnight() + 7 * HOUR_MS + 4 * MINUTE_MS
        number = 0
        rows: dict[int, dict[str, int]] = {}
        chain = self._chain(index)
        while at < self.now - 12 * MINUTE_MS:
            number += 1
            long = self.random.randint(4, 11) * MINUTE_MS
            rated = self.random.random() < asked
            self._visit(index, code, number, at, at + long, rated, liked, chain)
            hour = rows.setdefault(at // HOUR_MS * HOUR_MS, {"served": 0, "rated": 0})
            hour["served"] += 1
            hour["rated"] += rated
            at += long + self.random.randint(10, 90) * 1000
        self._visit(index, code, number + 1, min(at, self.now - 90_000), None, False, liked, chain)
        for start, row in rows.items():
            self._hour(index, start, row["served"], row["rated"])

    def days(self) -> None:
        """Add the days by service, the months and the days of units, as ingest keeps them.

        Of each day, half of the choices came before the rest.
        """
        for (counter, day), services in sorted(self.counted.items()):
            running.note(counter, day, {name: _half(one) for name, one in services.items()})
            daily.note_units(daily.note(counter, day, services))

    def _count(self, index: int, row: Hourly, number: int) -> None:
        names = SERVICES[index]
        service = names[number % len(names)]
        day = self.counted.setdefault((index + 1, row.day), {})
        day[service] = day.get(service, Counts()) + of(row)

    def _midnight(self) -> int:
        local = datetime.fromtimestamp(self.now / 1000, VIETNAM)
        return int(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)

    def _hour(self, index: int, start: int, served: int, rated: int | None = None) -> None:
        _code, _name, _unit, asked, liked = COUNTERS[index]
        if rated is None:
            rated = sum(self.random.random() < asked for _ in range(served))
        happy = sum(self.random.random() < liked for _ in range(rated))
        very = sum(self.random.random() < 0.6 for _ in range(happy))
        row = Hourly.create(
            counter=index + 1,
            hour=start,
            day=datetime.fromtimestamp(start / 1000, VIETNAM).date().isoformat(),
            served=served,
            rated=rated,
            very_satisfied=very,
            satisfied=happy - very,
            unsatisfied=rated - happy,
            unbound=int(index == 2 and self.random.random() < 0.2),
            contested=int(index == 4 and self.random.random() < 0.3),
            disputed=0,
            estimated=int(index == 5 and self.random.random() < 0.1),
        )
        self._count(index, row, start // HOUR_MS)

    def _chain(self, index: int) -> Chain:
        terminal = terminal_id(index)
        places.add_terminal(terminal, index + 1, self.now - 40 * DAY_MS)
        chain = Chain.create(
            terminal=terminal,
            chain_id=f"{index:032x}",
            kid=f"kid-{index}",
            head_seq=0,
            head_hash="h",
            opened_at=self.now - 39 * DAY_MS,
            start_reason="first",
            receipted_at=self.now - 2000,
        )
        Boot.create(
            terminal=terminal,
            boot_id=f"{index + 10:032x}",
            chain=chain,
            branch=0,
            first_up=0,
            last_up=0,
            latest_offset=0,
            quality="derived",
        )
        return chain

    def _visit(
        self,
        index: int,
        code: str,
        number: int,
        start: int,
        end: int | None,
        rated: bool,
        liked: float,
        chain: Chain,
    ) -> None:
        visit = f"{code}-{number}"
        Visit.create(
            id=visit,
            counter=index + 1,
            ticket=f"{'ABCDEF'[index]}{number:03}",
            ticket_norm=f"{'ABCDEF'[index]}{number}",
            day=datetime.fromtimestamp(start / 1000, VIETNAM).date().isoformat(),
            service=SERVICES[index][start // HOUR_MS % len(SERVICES[index])] or None,
            first_at=start,
            called_at=start,
            served_at=end,
            ended="closed" if end else None,
            by_rest=True,
            by_terminal=number % 9 != 4,
            disagreement="only_rest" if number % 9 == 4 else None,
        )
        if rated:
            happy = self.random.random() < liked
            rate(chain, index, visit, end or start, "satisfied" if happy else "unsatisfied")


def rate(chain: Chain, index: int, visit: str | None, at: int, choice: str, **marks: bool) -> None:
    """Add a rating record at the chain's end; ``marks`` says why it doesn't stand."""
    chain.head_seq += 1
    record = Record.create(
        chain=chain,
        seq=chain.head_seq,
        hash="h",
        type="rating",
        jws=b"sealed",
        received_at=at + 300,
        checked=1,
    )
    chain.save()
    flags = {"contested": False, "disputed": False, "unbound": visit is None} | marks
    Rating.create(
        record=record,
        terminal=terminal_id(index),
        counter=index + 1,
        visit=visit,
        choice=choice,
        at=at,
        at_quality="exact",
        standing=not any(flags.values()),
        boot=index + 1,
        up=0,
        **flags,
    )


def _half(counts: Counts) -> Choices:
    return Choices(*(number // 2 for number in astuple(counts.choices)))
