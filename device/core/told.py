"""What sources say of tickets, and what is remembered of it: the words of ``sources.py``. Pure.

All frozen; times are ``up`` milliseconds unless they say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from wire.tickets import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wire.records import Ticket, TicketEvent, TicketOrigin

Ending = Literal["transferred", "no_show", "closed", "nobody"]
Why = Literal["news", "behind", "echo", "repeat", "late", "unknown", "conflict", "off", "unkept"]

MOST_VISITS = 64
MOST_ENTRIES = 256


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that one source says.

    Attributes:
        origin: Which source.
        counter: Code of the counter; ``counter_name`` is what people call it.
        ticket: The number as printed; None when the source says that nobody is served.
        event: What happened to it.
        visit: The source's own id of the visit; None leaves it to be found by the number.
        fresh: The id of the visit if this word begins one.
        at: When it was said, Unix milliseconds; None for just now.
        day: Service day, if known.
        service: What the citizen came for.
        dossier: Code of the dossier. It never enters a record.
    """

    origin: TicketOrigin
    counter: str
    counter_name: str
    ticket: str | None = None
    event: TicketEvent = "called"
    visit: str | None = None
    fresh: str = ""
    at: int | None = None
    day: str | None = None
    service: str | None = None
    dossier: str | None = None

    @property
    def number(self) -> str:
        """The ticket's number in the form in which two ways to write it are equal."""
        return number_of(self.ticket or "")


@dataclass(frozen=True, slots=True)
class Moment:
    """When a word is judged.

    Attributes:
        up: Now.
        said: When it was said; None when the clock can't tell.
    """

    up: int
    said: int | None

    @property
    def best(self) -> int:
        """When it was said, as well as is known."""
        return self.up if self.said is None else self.said


@dataclass(frozen=True, slots=True)
class Known:
    """A visit that some source has told of.

    Attributes:
        id: By which the journal knows it.
        ticket: The number as printed, as its first source wrote it.
        day: Its service day, if a source named one.
        names: Pairs of a source and that source's id of it.
        tellers: The sources that have told of it.
        opener: Who told first of its newest opening, which was said at ``opened``.
        touched: When something new was last said of it.
        ended: How its serving ended; None while it goes on.
        asleep: True when it is only known from the journal, and not opened since the start.
    """

    id: str
    ticket: str
    day: str | None
    names: frozenset[tuple[TicketOrigin, str]]
    tellers: frozenset[TicketOrigin]
    opener: TicketOrigin
    opened: int
    touched: int
    ended: Ending | None = None
    asleep: bool = False

    def named(self, name: str | None) -> bool:
        """Return whether some source calls it ``name``."""
        return name is not None and (name == self.id or any(name == own for _, own in self.names))

    def named_by(self, origin: TicketOrigin) -> bool:
        """Return whether a source has an id of its own for it."""
        return any(origin == who for who, _ in self.names)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the counter's story."""

    visit: str
    event: TicketEvent
    said: int


@dataclass(frozen=True, slots=True)
class Heard:
    """All that is remembered.

    Attributes:
        visits: The newest visits, in the order of their last opening.
        story: The newest events, in the order in which they happened.
        current: Id of the visit that was opened last.
        read: How far along the story each source is.
        last: Visit and event of each source's last word; None where it said that nobody is served.
    """

    visits: tuple[Known, ...] = ()
    story: tuple[Entry, ...] = ()
    current: str | None = None
    read: Mapping[TicketOrigin, int] = field(default_factory=dict)
    last: Mapping[TicketOrigin, tuple[str, TicketEvent] | None] = field(default_factory=dict)

    def visit(self, visit: str | None) -> Known | None:
        """Return the visit with this id, None if it is not remembered (any more)."""
        return next((known for known in self.visits if known.id == visit), None)

    def newer(self, known: Known) -> tuple[Known, ...]:
        """Return the visits that were opened after this one."""
        return self.visits[self.visits.index(known) + 1 :]

    def put(self, known: Known, *, opens: bool) -> Heard:
        """Return this with a new or changed visit; one that ``opens`` is the current one."""
        if not opens and self.visit(known.id) is not None:
            same = tuple(known if one.id == known.id else one for one in self.visits)
            return replace(self, visits=same)
        others = tuple(one for one in self.visits if one.id != known.id)
        if opens:
            return replace(self, visits=(*others, known)[-MOST_VISITS:], current=known.id)
        # What came too late to be the current one is older than that.
        return replace(self, visits=(*others[:-1], known, *others[-1:])[-MOST_VISITS:])

    def note(self, origin: TicketOrigin, entry: Entry, place: int) -> Heard:
        """Return this with one more event of the story, which ``origin`` has read up to there."""
        story = (*self.story[:place], entry, *self.story[place:])
        read = {who: at + (at > place) for who, at in self.read.items()} | {origin: place + 1}
        gone = max(0, len(story) - MOST_ENTRIES)
        return replace(
            self,
            story=story[gone:],
            read={who: max(0, at - gone) for who, at in read.items()},
        ).said(origin, entry.visit, entry.event)

    def said(self, origin: TicketOrigin, visit: str, event: TicketEvent) -> Heard:
        """Return this with a source's last word."""
        return replace(self, last={**self.last, origin: (visit, event)})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a word.

    Attributes:
        why: ``news`` changes what is served; ``behind`` is recorded and changes nothing; the
            others are neither: an ``echo`` of another source, a ``repeat`` of what is so already,
            too ``late``, of an ``unknown`` visit, in ``conflict`` with what the visit's id means,
            or of a source that is ``off``; ``unkept``: its dossier could not be stored.
        visit: Id of the visit that it is about, if there is one.
        word: With ``news`` and ``behind``, the word as the journal should have it.
        told: True when the journal holds this very event from before the start.
    """

    why: Why
    visit: str | None = None
    word: Word | None = None
    told: bool = False


def before_the_start(ticket: Ticket | None, up: int) -> Heard:
    """Return what is known at the start, when the journal's newest ticket record is this.

    Args:
        ticket: The newest ticket record; None where there is none.
        up: Now. Until a source says when it was told, it counts as told now: the machine may have
            been up for days, and how long before the start it was told is not known.
    """
    if ticket is None:
        return Heard()
    known = Known(
        id=ticket.visit,
        ticket=ticket.ticket,
        day=ticket.day,
        names=frozenset({(ticket.source, ticket.visit)}),
        tellers=frozenset({ticket.source}),
        opener=ticket.source,
        opened=0,
        touched=up,
        ended=ending_of(ticket.event),
        asleep=True,
    )
    return Heard((known,), (Entry(ticket.visit, ticket.event, up),), ticket.visit)


def ending_of(event: TicketEvent) -> Ending | None:
    """Return how ``event`` ends a serving, None if it doesn't."""
    return None if event == "called" or event == "recalled" else event  # narrows


def number_of(ticket: str) -> str:
    """Return a number in its normal form; one without letter or digit stands for itself."""
    return normalise(ticket) or ticket
