"""Boots of terminals, and the times that their records get as more of them come in.

`fleet_server.core.times` has the rules. A boot's row holds what the rules need, so that records
needn't be read again: when a ``clock`` record, an exact stamp or a new neighbour tells more, what
was timed before is to be corrected (`corrections`). Disputed records tell nothing about a boot that
others are known of: a thief must not move what counts to another day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from peewee import fn

from fleet_server.core.times import (
    BootSpan,
    Moment,
    Time,
    clamp,
    estimate,
    extend,
    known_time,
)
from fleet_server.core.verdicts import TakenRecord
from fleet_server.store.corrections import Correction
from fleet_server.store.models import Boot, Chain, Record
from fleet_server.store.sql import ask, marks, run
from wire.records import ClockSet


@dataclass(frozen=True, slots=True)
class Timed:
    """The time of one record, and what it was worked out from."""

    time: Time
    boot: int
    up: int


@dataclass(frozen=True, slots=True)
class Timing:
    """The times of a batch of records, by record, and what it corrects in what came before."""

    times: dict[int, Timed]
    corrections: list[Correction]


@dataclass(slots=True)
class _Entry:
    """A boot while a batch is taken: its row, its figures, and how they were before.

    ``apart``: nothing but disputed records is known of it.
    """

    row: Boot
    former: BootSpan | None
    span: BootSpan | None
    first_clock: int | None = None
    last_clock_record: int | None = None
    apart: bool = False

    def tells(self, taken: TakenRecord) -> bool:
        """Whether a record may say something about the time of this boot."""
        return not taken.disputed or self.apart

    @property
    def figures(self) -> BootSpan:
        """The span, which every entry has once its first record was taken."""
        if self.span is None:
            raise AssertionError("a boot without a record")
        return self.span


def moment_of(taken: TakenRecord, received: int) -> Moment:
    """Return what a record says about its time."""
    stamp, body = taken.record.stamp, taken.record.body
    clock_set = body.after if isinstance(body, ClockSet) else None
    return Moment(stamp.boot, stamp.up, stamp.at, stamp.clock, received, clock_set)


def time_records(chain: Chain, taken: Sequence[TakenRecord], received: int) -> Timing:
    """Time records of one chain that were just taken, and bring the boots up to date.

    Args:
        chain: Their chain.
        taken: The records in the order of acceptance.
        received: When they came, Unix milliseconds.
    """
    if not taken:
        return Timing({}, [])
    first_new = taken[0].record_id
    entries = _load(chain, taken)
    for one in taken:
        _take(entries[one.record.stamp.boot], one, moment_of(one, received))
    corrections = [
        correction for entry in entries.values() for correction in _learnt(entry, first_new)
    ]
    for entry in entries.values():
        _save(entry)
    for branch in sorted({entry.row.branch for entry in entries.values() if _unsettled(entry)}):
        touched = {entry.row.id: entry.row for entry in entries.values()}
        corrections += _place(chain.id, branch, touched, first_new)
    return Timing(_times(entries, taken, received), corrections)


def _load(chain: Chain, taken: Sequence[TakenRecord]) -> dict[str, _Entry]:
    wanted = {one.record.stamp.boot: one for one in reversed(taken)}
    held = ask(
        f"{_SELECT} WHERE terminal_id = ? AND boot_id IN {marks(list(wanted))}",
        chain.terminal_id,
        *wanted,
    )
    rows = (Boot(**dict(zip(_NAMES, row, strict=True))) for row in held)
    entries = {row.boot_id: _Entry(row, _span(row), _span(row)) for row in rows}
    for boot, first in reversed(wanted.items()):
        if boot not in entries:
            branch = _branch(first) if first.disputed else 0
            row = Boot(terminal=chain.terminal_id, boot_id=boot, chain=chain.id, branch=branch)
            entries[boot] = _Entry(row, None, None, apart=first.disputed)
    return entries


def _branch(taken: TakenRecord) -> int:
    return int(Record.select(Record.branch).where(Record.id == taken.record_id).scalar() or 0)


def _span(row: Boot) -> BootSpan:
    return BootSpan(
        boot=row.boot_id,
        first_up=row.first_up,
        last_up=row.last_up,
        latest_offset=row.latest_offset,
        clock_offset=row.clock_offset,
        exact_offset=row.exact_offset,
    )


def _take(entry: _Entry, taken: TakenRecord, moment: Moment) -> None:
    if not entry.tells(taken):
        return
    entry.apart = entry.apart and taken.disputed
    entry.span = extend(entry.span, moment)
    if moment.clock_set is not None:
        entry.last_clock_record = taken.record_id
        if entry.first_clock is None:
            entry.first_clock = moment.clock_set - moment.up


def _unsettled(entry: _Entry) -> bool:
    """Whether the neighbours of a boot, or it itself, may have to be placed anew."""
    former = entry.former.offset if entry.former else None
    return former is None or former != entry.figures.offset


def _learnt(entry: _Entry, first_new: int) -> Iterator[Correction]:
    """Yield what a boot's new anchors say about its older records (rules 2 and 3)."""
    if entry.former is None:
        return
    offset, after = entry.first_clock, entry.row.clock_record or 0
    if offset is None and entry.former.offset is None:
        offset = entry.figures.exact_offset
    if offset is not None:
        yield Correction(entry.row.id, after, first_new, offset, "derived")


def _save(entry: _Entry) -> None:
    row, span = entry.row, entry.figures
    row.first_up, row.last_up = span.first_up, span.last_up
    row.latest_offset = span.latest_offset
    row.clock_offset, row.exact_offset = span.clock_offset, span.exact_offset
    row.clock_record = entry.last_clock_record or row.clock_record
    if span.offset is not None:
        row.offset_ms = span.offset
    row.quality = "estimated" if span.offset is None else "derived"
    if entry.former is None:
        row.save()
    elif entry.former != span:
        run(_UPDATE, *(getattr(row, name) for name in _FIGURES), row.id)


_FIGURES = (
    "first_up", "last_up", "latest_offset", "clock_offset", "exact_offset", "clock_record",
    "offset_ms", "quality",
)  # fmt: skip
_UPDATE = f"UPDATE boot SET {', '.join(f'{name} = ?' for name in _FIGURES)} WHERE id = ?"
_NAMES = ("id", "boot_id", "branch", *_FIGURES)
_SELECT = f"SELECT {', '.join(_NAMES)} FROM boot"


def _place(
    chain: int, branch: int, touched: Mapping[int, Boot], first_new: int
) -> Iterator[Correction]:
    """Place the boots that never got the time, from the last known one on (rule 4)."""
    here = (Boot.chain == chain) & (Boot.branch == branch)
    first = min(touched)
    known = here & (Boot.quality == "derived") & (Boot.id < first)
    start = Boot.select(fn.MAX(Boot.id)).where(known).scalar() or 0
    held = Boot.select().where(here, Boot.id >= start).order_by(Boot.id)
    window = [touched.get(row.id, row) for row in held]
    placed = estimate([_span(row) for row in window])
    for row in window:
        offset = placed.get(row.boot_id)
        if offset is not None and offset != row.offset_ms:
            row.offset_ms = offset
            row.save(only=[Boot.offset_ms])
            yield Correction(row.id, 0, first_new, offset, "estimated")


def _times(
    entries: dict[str, _Entry], taken: Sequence[TakenRecord], received: int
) -> dict[int, Timed]:
    """Return the time of each record of the batch; the next ``clock`` record is met first."""
    offsets = {boot: entry.figures.offset for boot, entry in entries.items()}
    times: dict[int, Timed] = {}
    for one in reversed(taken):
        moment = moment_of(one, received)
        row = entries[moment.boot].row
        if moment.clock_set is not None and entries[moment.boot].tells(one):
            offsets[moment.boot] = moment.clock_set - moment.up
        time = known_time(moment, offsets[moment.boot])
        guess = Time(clamp((row.offset_ms or 0) + moment.up), "estimated")
        times[one.record_id] = Timed(time or guess, row.id, moment.up)
    return times


def time_held(received: int, taken: TakenRecord, terminal: str) -> Timed:
    """Return the time of a record that was taken earlier, by what its boot is known to be now."""
    moment = moment_of(taken, received)
    row = Boot.get(Boot.terminal == terminal, Boot.boot_id == moment.boot)
    time = known_time(moment, _span(row).offset)
    guess = Time(clamp((row.offset_ms or 0) + moment.up), "estimated")
    return Timed(time or guess, row.id, moment.up)
