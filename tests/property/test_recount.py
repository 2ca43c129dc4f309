"""Roll-ups equal a recount by hand from the raw records, on 1,000 random days of counters."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from fleet_server.core.participation import COUNTED
from fleet_server.district.journal import public_key
from fleet_server.mqtt.messages import Message
from fleet_server.mqtt.receiving import Receiver
from fleet_server.store import database as db
from fleet_server.store import places, queue_events, rollups
from fleet_server.store.models import Counter as Place
from fleet_server.store.models import Hourly, TerminalKey
from fleet_server.store.pages import lines
from fleet_server.store.queue_events import Refused, Word
from fleet_server.store.sql import ask
from tests.fakes import databases
from tests.fakes.ingest import new_signer
from tests.fakes.randomdays import Arrival, RandomDays, Uplink
from tests.fakes.recount import Hours, Key, Recount
from wire import keys, topics
from wire.down import open_receipt

SIGNER = new_signer()


@contextmanager
def fleet_of(world: RandomDays) -> Iterator[None]:
    """An empty database with the counters and terminals of some random days."""
    with databases.fleeting():
        with db.writing():
            _fill(world)
        yield


def _fill(world: RandomDays) -> None:
    unit = places.add_unit("U", "Unit")
    for place in world.places:
        counter = places.add_counter(place.code, place.code, unit.id)
        places.add_terminal(place.dev, counter.id, 0)
        key = public_key(world.seed, place.dev)
        TerminalKey.create(
            kid=keys.kid_of(key), terminal=place.dev, x=keys.x_of(key), serial="1",
            certificate_pem="", not_after=2**60, enrolled_at=0,
        )  # fmt: skip


class Play:
    """Lets the server and the recount hear the same."""

    def __init__(self, world: RandomDays) -> None:
        self.world = world
        self.keys = {
            place.dev: {keys.kid_of(public_key(world.seed, place.dev)): Key()}
            for place in world.places
        }
        self.recount = Recount(world.zone, self.keys)
        self.receiver = Receiver(SIGNER, world.zone)
        self.uplinks = {place.dev: Uplink(place, world.chance) for place in world.places}

    def run(self) -> None:
        """Play everything, and at last let terminals send what still waits."""
        now = self.world.first
        for arrival in self.world.arrivals():
            now = arrival.at
            self.arrive(arrival)
        for dev, uplink in self.uplinks.items():
            while run := uplink.run(now, all_of_it=True):
                now += 1_000
                self.send(now, dev, run)

    def arrive(self, arrival: Arrival) -> None:
        """Let one thing reach the server."""
        what = arrival.what
        if arrival.kind == "word":
            self.recount.word(arrival.at, what)
            self.word(arrival.at, Word(what["counter"], what["ticket"], what["event"],
                                       what["visit"], what["at"]))  # fmt: skip
        elif arrival.kind == "revoke":
            for kid, key in self.keys[what.dev].items():
                key.revoked_at = arrival.at
                TerminalKey.update(revoked_at=arrival.at).where(TerminalKey.kid == kid).execute()
        elif arrival.kind == "copied":
            self.send(arrival.at, what.dev, [entry.token for entry in what.copied])
        elif run := self.uplinks[what.dev].run(arrival.at):
            self.send(arrival.at, what.dev, run)

    def word(self, now: int, word: Word) -> None:
        """Let the queue system tell something; a number that was not called is refused."""
        with suppress(Refused):
            queue_events.take(word, now, self.world.zone)

    def send(self, now: int, dev: str, run: list[bytes]) -> None:
        """Let a terminal send a run, and hear its receipts."""
        message = Message(topics.topic(dev, "records"), b"\n".join(run))
        self.recount.run(now, dev, run)
        for answer in self.receiver.take([message], now):
            receipt = open_receipt(answer.payload, SIGNER.key_list, dev)
            heads = [
                (receipt.seq, receipt.hash),
                *((one.seq, one.hash) for one in receipt.disputed),
            ]
            self.uplinks[dev].hear(receipt.chain, heads)


def held() -> dict[tuple[str, str], Hours]:
    """Return what the roll-ups say; hours of nothing are left out."""
    found: dict[tuple[str, str], Hours] = {}
    query = Hourly.select(
        Place.code, Hourly.day, Hourly.hour, *(getattr(Hourly, n) for n in COUNTED)
    )
    for code, day, hour, *figures in db.rows(query.join(Place)):
        row = +Counter(dict(zip(COUNTED, figures, strict=True)))
        if row:
            found.setdefault((code, day), {})[hour] = row
    return found


def differences(seed: int) -> tuple[int, list[str]]:
    """Return how many days of counters were compared, and where they differ."""
    world = RandomDays(seed)
    with fleet_of(world):
        play = Play(world)
        play.run()
        counted, ours = play.recount.count(), held()
        wrong = [
            f"seed {seed}, {world.zone}, {key}: by hand {counted.get(key)}, held {ours.get(key)}"
            for key in sorted({*counted, *ours})
            if counted.get(key, {}) != ours.get(key, {})
        ]
        wrong += rolled_up(counted, seed)
        wrong += pages(counted, world.days(), seed)
        assert rollups.recount(world.zone).differences == []
    return len(world.places) * len(world.days()), wrong


SUMS = ", ".join(f"SUM(r.{name})" for name in COUNTED)
ROLLED: dict[str, tuple[str, Callable[[str, str], tuple[str, str]]]] = {
    "day": (
        f"SELECT p.code, r.day, {SUMS} FROM daily r JOIN counter p ON p.id = r.counter_id "
        "GROUP BY p.code, r.day",
        lambda code, day: (code, day),
    ),
    "month": (
        f"SELECT p.code, r.month, {SUMS} FROM monthly r JOIN counter p ON p.id = r.counter_id "
        "GROUP BY p.code, r.month",
        lambda code, day: (code, day[:7]),
    ),
    "unit's day": (
        f"SELECT p.code, r.day, {SUMS} FROM unit_daily r JOIN unit p ON p.id = r.unit_id "
        "GROUP BY p.code, r.day",
        lambda code, day: ("U", day),
    ),
}
"""How what is rolled up further is asked for, and which line of it a counter's day belongs to."""


def rolled_up(counted: dict[tuple[str, str], Hours], seed: int) -> Iterator[str]:
    """Yield where what is rolled up further is not the sum of the counters' days."""
    for name, (text, line_of) in ROLLED.items():
        by_hand: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for (code, day), hours in counted.items():
            by_hand[line_of(code, day)].update(sum(hours.values(), Counter()))
        held = {
            (code, when): +Counter(dict(zip(COUNTED, sums, strict=True)))
            for code, when, *sums in ask(text)
        }
        for key in sorted({*held, *by_hand}):
            if held.get(key, Counter()) != by_hand[key]:
                yield f"seed {seed}, {name} {key}: by hand {by_hand[key]}, held {held.get(key)}"


def pages(counted: dict[tuple[str, str], Hours], days: list[str], seed: int) -> Iterator[str]:
    """Yield where the sums that pages show differ from those of the recount."""
    shown = lines.by_counter(days[0], days[-1])
    for row in Place.select():
        by_hand: Counter[str] = Counter()
        for (code, day), hours in counted.items():
            if code == row.code and days[0] <= day <= days[-1]:
                by_hand.update(sum(hours.values(), Counter()))
        page = shown.get(row.id)
        ours = +Counter({name: getattr(page.sums, name) for name in COUNTED}) if page else Counter()
        if ours != by_hand:
            yield f"seed {seed}, page of {row.code}: by hand {by_hand}, shown {ours}"


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(3))
def test_roll_ups_equal_a_recount_by_hand_on_random_days(
    part: int, engine: str, repeats: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    seeds = repeats(2, 34)
    compared, wrong = 0, []
    for seed in range(part * seeds, (part + 1) * seeds):
        days, found = differences(seed)
        compared += days
        wrong += found
    figure(f"{compared} days of counters compared")
    assert not wrong, "\n".join(wrong)
