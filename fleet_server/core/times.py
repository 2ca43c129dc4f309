"""When a record happened, in the server's judgement.

The order of records is their sequence, never their time. A record's time is worked out by these
rules, the first that fits:

1. A stamp whose clock was ``synced`` or ``holdover`` is taken as it is: *exact*.
2. For an ``unset`` stamp, the next ``clock`` record of the same boot says what the time was at one
   point of ``up``; the difference in ``up`` gives the rest: *derived*.
3. Where no ``clock`` record follows in that boot, the last one before it serves, since ``up`` runs
   evenly; where there is none at all, the first exact stamp of the boot does: *derived*.
4. A boot that never got the time is placed as a whole, its records keeping their distances in
   ``up``: *estimated*.
   a. No record can be younger than its reception. Where that bound is tighter than the next boot's
      start, the records came live and the boot is placed as late as reception allows.
   b. Else the boot lies between its neighbours by sequence, and the time in which the terminal was
      off is shared evenly before, between and after the boots concerned.
   c. With no earlier neighbour the boot ends where the next one starts.
   d. Bounds that contradict each other: the later one in the sequence wins, for it rests on the
      server's own clock.

All times are Unix milliseconds, kept between 1970 and the end of year 9998 so that every calendar
can show them; ``up`` is milliseconds since the boot. Nothing here reads a clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

AtQuality = Literal["exact", "derived", "estimated"]

MIN_AT = 0
MAX_AT = 253_370_764_799_999
"""The last millisecond of the year 9998 (UTC): one year short of where calendars overflow."""

MIN_OFFSET = MIN_AT - (2**63 - 1)
"""With an offset below this, no ``up`` of the protocol reaches 1970: nothing lies further back."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a record says about its time, and when the server received it.

    Attributes:
        boot: Id of the boot.
        up: Milliseconds since the boot.
        at: What the terminal's clock showed.
        clock: Quality of that clock: ``synced``, ``holdover`` or ``unset``.
        received: When the server took the record.
        clock_set: For a ``clock`` record, the time the clock was set to; else None.
    """

    boot: str
    up: int
    at: int
    clock: str
    received: int
    clock_set: int | None = None

    @property
    def exact(self) -> bool:
        """Whether the stamp's own time is believed."""
        return self.clock in ("synced", "holdover")


@dataclass(frozen=True, slots=True)
class Time:
    """A derived time and how good it is."""

    at: int
    quality: AtQuality


@dataclass(frozen=True, slots=True)
class BootSpan:
    """One boot as far as it is known; an *offset* is Unix milliseconds minus ``up``.

    Attributes:
        boot: Id of the boot.
        first_up: Least ``up`` seen.
        last_up: Greatest ``up`` seen.
        latest_offset: The greatest offset that reception allows.
        clock_offset: From the last ``clock`` record so far, or None.
        exact_offset: From the first exact stamp, or None.
    """

    boot: str
    first_up: int
    last_up: int
    latest_offset: int
    clock_offset: int | None = None
    exact_offset: int | None = None

    @property
    def offset(self) -> int | None:
        """The offset for an unset stamp that no ``clock`` record follows (rule 3), or None."""
        return self.exact_offset if self.clock_offset is None else self.clock_offset

    @property
    def length(self) -> int:
        """Milliseconds between the first and the last record."""
        return self.last_up - self.first_up

    @property
    def latest_start(self) -> int:
        """The latest time of the first record that reception allows."""
        return self.latest_offset + self.first_up


def extend(span: BootSpan | None, moment: Moment) -> BootSpan:
    """Return ``span`` with one more record of its boot; None begins a boot."""
    if span is None:
        span = BootSpan(moment.boot, moment.up, moment.up, moment.received - moment.up)
    clock_offset, exact_offset = span.clock_offset, span.exact_offset
    if moment.clock_set is not None:
        clock_offset = moment.clock_set - moment.up
    if exact_offset is None and moment.exact:
        exact_offset = moment.at - moment.up
    return replace(
        span,
        first_up=min(span.first_up, moment.up),
        last_up=max(span.last_up, moment.up),
        latest_offset=min(span.latest_offset, moment.received - moment.up),
        clock_offset=clock_offset,
        exact_offset=exact_offset,
    )


def clamp(at: int) -> int:
    """Return ``at`` kept within what every calendar can show."""
    return min(max(at, MIN_AT), MAX_AT)


def known_time(moment: Moment, offset: int | None) -> Time | None:
    """Return the time by rules 1 to 3, or None when only rule 4 can help.

    Args:
        moment: The record.
        offset: The boot's offset as rule 2 or 3 gives it, or None.
    """
    if moment.exact:
        return Time(clamp(moment.at), "exact")
    if offset is None:
        return None
    return Time(clamp(offset + moment.up), "derived")


def estimate(spans: Sequence[BootSpan]) -> dict[str, int]:
    """Place the boots that never got the time (rule 4).

    Args:
        spans: The boots of one chain in the order of their first record.

    Returns:
        The offset of each boot that has none of its own.
    """
    ends, starts = _latest_starts(spans)
    offsets: dict[str, int] = {}
    floor: int | None = None
    for index, span in enumerate(spans):
        start = starts[index]
        if start is None:
            start = _between(spans, starts, index, floor, ends[index])
            starts[index] = start
        if span.offset is None:
            offsets[span.boot] = max(start - span.first_up, MIN_OFFSET)
        floor = start + span.length
    return offsets


def _latest_starts(spans: Sequence[BootSpan]) -> tuple[list[int], list[int | None]]:
    """Return the latest end of each boot, and the starts that are settled (known, or rule 4a)."""
    ends: list[int] = [0] * len(spans)
    starts: list[int | None] = [None] * len(spans)
    following: int | None = None
    for index in range(len(spans) - 1, -1, -1):
        span = spans[index]
        if span.offset is not None:
            starts[index] = following = span.offset + span.first_up
        elif following is None or span.latest_start <= following - span.length:
            starts[index] = following = span.latest_start
        else:
            ends[index] = following
            following -= span.length
    return ends, starts


def _between(
    spans: Sequence[BootSpan],
    starts: Sequence[int | None],
    index: int,
    floor: int | None,
    latest_end: int,
) -> int:
    """Return the start of an unsettled boot after ``floor`` (rules 4b to 4d)."""
    latest = latest_end - spans[index].length
    if floor is None or floor > latest:
        return latest
    unsettled = 1
    while starts[index + unsettled] is None:
        unsettled += 1
    return floor + (latest - floor) // (unsettled + 1)
