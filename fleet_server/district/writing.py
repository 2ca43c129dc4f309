"""What one terminal writes into its journal on one day. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from fleet_server.district.behaviour import COMPLAINS, REASON_CODES, Press, Serving
from fleet_server.district.calendar import MINUTE_MS
from fleet_server.district.journal import (
    FIRMWARE,
    IMAGE,
    Entry,
    Journal,
    Pen,
    drawn_id,
    public_key,
)
from fleet_server.district.places import Source
from fleet_server.district.stories import Told
from wire import codec, keys, records
from wire.records import TicketOrigin
from wire.strictjson import dump

ORIGINS: dict[Source, TicketOrigin] = {
    "rest": "server", "own_id": "scanner", "lan": "lan", "scanner": "scanner",
}  # fmt: skip
HEARD_MS = 150
"""A terminal hears of a ticket so long after the queue system said it."""
CLOCK_MS = 40_000
"""So long after its start a terminal learns the time from the network."""
FAST_MS = 25 * MINUTE_MS

Doing = Callable[[Pen], object]


@dataclass(frozen=True, slots=True)
class TerminalDay:
    """A terminal's day before it begins.

    Attributes:
        index, day: which day of the quarter; its date.
        opens: when the office opens, Unix milliseconds.
        counter: code that the terminal puts into its records.
        story: what happens at the counter.
        nightly: whether it is switched off at night.
        until: nothing is written from then on, for a terminal that fails in the middle of the day.
    """

    index: int
    day: str
    opens: int
    counter: str
    source: Source
    servings: Sequence[Serving]
    story: Told
    nightly: bool
    until: int | None = None


@dataclass(slots=True)
class Written:
    """What came of it; ``copied`` are records of a copy of the card."""

    pen: Pen
    copied: list[Entry] = field(default_factory=list)


def write_day(plan: TerminalDay, journal: Journal, chance: Random) -> Written:
    """Write a day into a journal."""
    pen = Pen(journal)
    snapshots: list[Journal] = []
    doings = [*_start(plan, journal, chance), *_serving(plan, chance), *_stories(plan, snapshots)]
    for at, _, do in sorted(
        ((at, order, do) for order, (at, do) in enumerate(doings)), key=lambda one: one[:2]
    ):
        if plan.until is None or at < plan.until:
            do(pen)
    return Written(pen, _copy(plan, snapshots[0]) if snapshots else [])


def _start(plan: TerminalDay, held: Journal, chance: Random) -> Iterator[tuple[int, Doing]]:
    """Yield how the terminal comes up, if it does on this day."""
    at = plan.opens - chance.randint(8, 20) * MINUTE_MS
    without_time = plan.story.on("late_clock", plan.index) or plan.story.on("no_clock", plan.index)
    if held.boot and not _boots(plan):
        if plan.story.ends("late_clock", plan.index):
            yield plan.opens + 560 * MINUTE_MS, _clock(plan.opens + 560 * MINUTE_MS, "receipt")
        return
    fast = plan.story.on("fast_clock", plan.index)

    def boot(pen: Pen) -> None:
        pen.start(at, "holdover" if fast else "unset")
        pen.set_clock(pen.journal.clock, FAST_MS if fast else 0)
        _first_records(plan, pen, at)

    yield at, boot
    if not fast and not without_time:
        yield at + CLOCK_MS, _clock(at + CLOCK_MS, "ntp")
    elif plan.story.ends("late_clock", plan.index):
        yield plan.opens + 560 * MINUTE_MS, _clock(plan.opens + 560 * MINUTE_MS, "receipt")


def _boots(plan: TerminalDay) -> bool:
    """Whether the terminal starts on this day."""
    story, index = plan.story, plan.index
    if story.on("late_clock", index):
        return story.begins("late_clock", index)
    after = any(story.ends(kind, index - 1) for kind in ("late_clock", "no_clock", "dead"))
    new = story.on("no_clock", index) or story.on("fast_clock", index) or story.on("damage", index)
    return plan.nightly or after or new or index % 7 == 4


def _first_records(plan: TerminalDay, pen: Pen, at: int) -> None:
    held = pen.journal
    if not held.chain:
        pen.begin(at, records.ChainStart("first"))
    elif plan.story.on("damage", plan.index):
        former = records.ChainStart("damage", held.chain, held.seq, held.prev)
        pen.begin(at, former)
        pen.write(at + 5, records.Fault("journal", "the file was damaged; a new chain was begun"))
    pen.write(at + 10, records.Boot(FIRMWARE, IMAGE))


def _clock(at: int, source: records.ClockSource) -> Doing:
    def set_clock(pen: Pen) -> None:
        before = pen.shown(at)
        pen.set_clock("synced")
        pen.write(at, records.ClockSet(before, at, source))

    return set_clock


def _serving(plan: TerminalDay, chance: Random) -> Iterator[tuple[int, Doing]]:
    for one in plan.servings:
        if plan.source in ("own_id", "scanner") and one.end == "no_show":
            continue  # who never came scanned nothing
        yield from _visit(plan, one)
        if plan.story.on("items", plan.index):
            yield from _complaints(plan, one, chance)
        if plan.story.on("unbound", plan.index) and chance.random() < 0.03:
            yield one.ended + 14_000, _unbound(plan, one)


def _visit(plan: TerminalDay, one: Serving) -> Iterator[tuple[int, Doing]]:
    origin = ORIGINS[plan.source]
    scanned = origin == "scanner"
    told = records.Ticket(
        counter=plan.counter,
        visit=drawn_id(one.visit, "own") if plan.source == "own_id" else one.visit,
        ticket=one.ticket,
        event="called",
        source=origin,
        day=None if scanned else plan.day,
        service=one.service,
    )
    yield one.called + HEARD_MS, _written(one.called + HEARD_MS, told)
    if one.recalled is not None and not scanned:
        again = replace(told, event="recalled")
        yield one.recalled + HEARD_MS, _written(one.recalled + HEARD_MS, again)
    ended = replace(told, event="closed" if scanned else one.end, assumed=scanned or None)
    end_at = one.ended + (10_000 if scanned else HEARD_MS)
    yield end_at, _written(end_at, ended)
    presses = [] if plan.story.on("items", plan.index) else _felt(plan, one)
    if presses:
        yield from _rated(plan, told.visit, one, presses)


def _felt(plan: TerminalDay, one: Serving) -> list[Press]:
    return [p for p in one.presses if not (_stuck(plan) and p.choice == "unsatisfied")]


def _complaints(plan: TerminalDay, one: Serving, chance: Random) -> Iterator[tuple[int, Doing]]:
    """Yield what somebody touches before they go: one item or two, each a complaint."""
    if one.end != "closed" or chance.random() >= COMPLAINS:
        return
    for number, code in enumerate(chance.sample(REASON_CODES, chance.choice((1, 1, 1, 2)))):
        at = one.ended - 8_000 + number * 2_000
        yield at, _written(at, records.Items(plan.counter, (code,)))


def _rated(
    plan: TerminalDay, visit: str, one: Serving, presses: Sequence[Press]
) -> Iterator[tuple[int, Doing]]:
    seqs: list[int] = []

    def press(what: Press) -> Doing:
        def do(pen: Pen) -> None:
            seqs.append(pen.write(what.at, _rating(plan, visit, what, seqs)))

        return do

    def give(pen: Pen) -> None:
        items = one.reasons or None
        pen.write(given_at, records.Reasons(seqs[-1], items, None if items else True))

    for index, what in enumerate(presses):
        kind = what.kind if index else "first"
        yield what.at, press(replace(what, kind=kind))
    given_at = presses[-1].at + 12_000
    if one.reasons is not None and presses[-1].kind != "contests":
        yield given_at, give


def _rating(plan: TerminalDay, visit: str, what: Press, seqs: Sequence[int]) -> records.Rating:
    replaces = seqs[-1] if what.kind == "corrects" and seqs else None
    contested = True if what.kind == "contests" else None
    touch: records.InputKind = "touch" if plan.counter.endswith(("2", "5")) else "button"
    return records.Rating(plan.counter, visit, what.choice, touch, 1, replaces, contested)


def _unbound(plan: TerminalDay, one: Serving) -> Doing:
    body = records.Rating(plan.counter, None, "very_satisfied", "button", 1)
    return _written(one.ended + 14_000, body)


def _written(at: int, body: records.Body) -> Doing:
    return lambda pen: pen.write(at, body)


def _stuck(plan: TerminalDay) -> bool:
    return plan.story.on("stuck", plan.index)


def _stories(plan: TerminalDay, snapshots: list[Journal]) -> Iterator[tuple[int, Doing]]:
    """Yield what stories add to a day."""
    story, index, noon = plan.story, plan.index, plan.opens + 200 * MINUTE_MS + 777
    if _stuck(plan):
        fault = records.Fault("button_stuck", "unsatisfied")
        yield plan.opens + MINUTE_MS, _written(plan.opens + MINUTE_MS, fault)
    if story.begins("power", index):
        yield noon, _written(noon, records.Fault("screen", "went dark and came back"))
    if story.begins("new_key", index):
        yield noon, _new_key(noon)
    if story.begins("poison", index):
        yield noon, _poison(noon)
    if story.begins("clone", index):
        yield noon, lambda pen: snapshots.append(pen.journal)


def _new_key(at: int) -> Doing:
    def change(pen: Pen) -> None:
        held = pen.journal
        pen.write(at, records.KeyChange(keys.x_of(public_key(held.seed, held.dev, held.key + 1))))
        pen.change_key(held.key + 1)

    return change


def _poison(at: int) -> Doing:
    """Write a record of newer firmware, and one whose signature the card has damaged."""

    def spoil(pen: Pen) -> None:
        held = pen.journal
        stamp = records.Stamp(
            held.dev, held.chain, held.seq + 1, held.prev, held.boot, at - held.boot_at, at,
            held.clock,
        )  # fmt: skip
        pen.raw(at, pen.sign(dump({"v": 1, **codec.STAMP.write(stamp), "type": "gesture"})))
        pen.raw(at + 10, pen.token(at + 10, records.Fault("disk", "slow"))[:-12] + b"A" * 12)

    return spoil


def _copy(plan: TerminalDay, snapshot: Journal) -> list[Entry]:
    """Return what a copy of the card writes on its own, from noon on."""
    pen = Pen(replace(snapshot, boots=snapshot.boots + 1000))
    at = plan.opens + 330 * MINUTE_MS
    pen.start(at, "synced")
    pen.write(at, records.Boot(FIRMWARE, IMAGE))
    for number in range(5):
        visit = drawn_id(plan.counter, plan.day, "copy", number)
        body = records.Rating(plan.counter, visit, "very_satisfied", "button", 1)
        pen.write(at + (number + 1) * 65_000, body)
    return pen.entries


def strange(journal: Journal, at: int) -> bytes:
    """Return a record in a terminal's name under a key that nobody has enrolled."""
    pen = Pen(replace(journal, key=99))
    return pen.token(at, records.Rating("X", None, "very_satisfied", "button", 1))
