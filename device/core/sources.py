"""Several sources tell of the same counter; this makes one story of it. Pure.

The story is the list of all that happened, in order. Each source reads along it: what stands in
the story ahead of where a source is has been told by a faster one, and is its echo; what does not
is news and makes the story longer. So any number of sources that tell the same truth, in whatever
order their words arrive, open the same visits as one alone.

Each word goes through these rules; the first that fits decides:

1. A source that is not configured is not heard (*off*).
2. *Nobody is served* ends the current visit if its source has told of that visit; a visit that
   others opened since is none of its business (*repeat*).
3. A visit id that belongs to another number is an error (*conflict*).
4. What a source said last, said again, is nothing new (*repeat*), except a re-call.
5. What stands ahead in the story is an *echo*. Visits are the same by their id; else by their
   number and day, unless the source has its own id for that visit, within `RECENT_MS`. While the
   visit goes on, or where nobody can tell when the word was said, within `LONGEST_MS`.
6. A number without a visit id means its newest visit within `LONGEST_MS`; ``called`` begins a new
   one if that was closed or transferred. What else has no visit is *unknown*.
7. What opens a visit whose end stands ahead in the story, or an ended one of which its source has
   not told yet, is from before that end (*late*), for `RECENT_MS`.
8. A visit that nobody has told of is opened, unless the current one is another source's and was
   opened after this was said (*late*); `SKEW_MS` are allowed for clocks that differ. Said in the
   same millisecond, the source that stands first in the configuration wins.
9. The current visit goes forward: it ends, or is opened again; what is so already is a *repeat*.
10. An older visit is opened again, unless another source told of it and then of a newer one, and
   this source has not got so far yet (*late*). That it ended is recorded and changes nothing
   (*behind*).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from device.core.told import Entry, Known, Verdict, ending_of, number_of
from wire.policy import SOURCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from device.core.told import Heard, Moment, Word
    from wire.records import TicketOrigin

    Judged = tuple[Heard, Verdict]

RECENT_MS = 10 * 60_000
LONGEST_MS = 12 * 3_600_000
SKEW_MS = 120_000
_FINISHED = ("closed", "transferred")


def judge(
    heard: Heard, word: Word, moment: Moment, order: Sequence[TicketOrigin] = SOURCES
) -> Judged:
    """Return what is remembered after a word, and what becomes of it.

    Args:
        heard: What is remembered.
        word: What a source says.
        moment: When.
        order: The sources that are configured, the one to be believed first.
    """
    if word.origin not in order:
        return heard, Verdict("off")
    if word.ticket is None:
        return _nobody(heard, word)
    named = next((known for known in heard.visits if known.named(word.visit)), None)
    if named is not None and number_of(named.ticket) != word.number:
        return heard, Verdict("conflict", named.id)
    repeated = _repeated(heard, word, moment)
    if repeated is not None:
        return heard, Verdict("repeat", repeated.id)
    ahead = _ahead(heard, word, moment)
    if ahead is not None:
        return _echo(heard, word, *ahead)
    return _news(heard, word, named or _by_number(heard, word, moment), moment, order)


def _news(
    heard: Heard, word: Word, known: Known | None, moment: Moment, order: Sequence[TicketOrigin]
) -> Judged:
    """Judge what no other source has told yet."""
    if known is not None and _has_ended_meanwhile(heard, word, known, moment):
        return heard.put(_told(known, word), opens=False), Verdict("late", known.id)
    if known is None or _begins_anew(word, known):
        return _unheard_of(heard, word, moment, order)
    if known.id == heard.current:
        return _forward(heard, word, known, moment)
    return _back(heard, word, known, moment)


# ---- which visit ----


def _repeated(heard: Heard, word: Word, moment: Moment) -> Known | None:
    last = heard.last.get(word.origin)
    if last is None or word.event == "recalled" or last[1] != word.event:
        return None
    known = heard.visit(last[0])
    if known is None or known.named(word.visit):
        return known
    same = word.visit is None and _is_recent(word, known, moment)
    return known if same and not _begins_anew(word, known) else None


def _ahead(heard: Heard, word: Word, moment: Moment) -> tuple[int, Known] | None:
    """Find the word's event, and its visit, in the part of the story its source has not read."""
    for place in range(heard.read.get(word.origin, 0), len(heard.story)):
        entry = heard.story[place]
        known = heard.visit(entry.visit) if entry.event == word.event else None
        if known is None:
            continue
        if known.named(word.visit) or _is_same(heard, word, known, entry.said, moment):
            return place, known
    return None


def _is_same(heard: Heard, word: Word, known: Known, said: int, moment: Moment) -> bool:
    """Return whether another source's visit is the one that the word is about."""
    if not _has_number(word, known) or (word.visit and known.named_by(word.origin)):
        return False
    far = moment.said is None or (known.id == heard.current and known.ended is None)
    return abs(moment.best - said) <= (LONGEST_MS if far else RECENT_MS)


def _by_number(heard: Heard, word: Word, moment: Moment) -> Known | None:
    for known in reversed(heard.visits):
        if word.visit is None:
            if _is_recent(word, known, moment):
                return known
        elif _is_same(heard, word, known, known.touched, moment):
            return known
    return None


def _is_recent(word: Word, known: Known, moment: Moment) -> bool:
    return _has_number(word, known) and moment.best - known.touched <= LONGEST_MS


def _has_number(word: Word, known: Known) -> bool:
    days_differ = word.day is not None and known.day is not None and word.day != known.day
    return number_of(known.ticket) == word.number and not days_differ


def _has_ended_meanwhile(heard: Heard, word: Word, known: Known, moment: Moment) -> bool:
    """Return whether others have ended a visit, and the word's source has not got so far yet.

    Where they were away for a while, it may still tell what was before, and then of this visit for
    the first time.
    """
    if ending_of(word.event) is not None or known.ended is None:
        return False
    unread = heard.story[heard.read.get(word.origin, 0) :]
    ended = any(entry.visit == known.id and ending_of(entry.event) for entry in unread)
    untold = word.origin not in known.tellers
    return (ended or untold) and moment.best - known.touched <= RECENT_MS


def _begins_anew(word: Word, known: Known) -> bool:
    return word.visit is None and word.event == "called" and known.ended in _FINISHED


# ---- what becomes of it ----


def _nobody(heard: Heard, word: Word) -> Judged:
    last = {**heard.last, word.origin: None}
    heard = replace(heard, last=last)
    known = heard.visit(heard.current)
    if known is None or known.ended is not None or word.origin not in known.tellers:
        return heard, Verdict("repeat")
    ended = replace(known, ended="nobody", asleep=False)
    return heard.put(ended, opens=False), Verdict("news", known.id, word)


def _echo(heard: Heard, word: Word, place: int, known: Known) -> Judged:
    heard = replace(heard, read={**heard.read, word.origin: place + 1})
    heard = heard.said(word.origin, known.id, word.event)
    wakes = known.asleep and known.id == heard.current
    heard = heard.put(replace(_told(known, word), asleep=False), opens=False)
    if wakes:
        return heard, Verdict("news", known.id, _as_known(word, known), told=True)
    return heard, Verdict("echo", known.id)


def _unheard_of(heard: Heard, word: Word, moment: Moment, order: Sequence[TicketOrigin]) -> Judged:
    if word.visit is None and word.event != "called":
        return heard, Verdict("unknown")
    if _is_late(heard, word, moment, order):
        return heard, Verdict("late")
    name = word.visit or word.fresh
    known = Known(
        id=name,
        ticket=word.ticket or name,
        day=word.day,
        names=frozenset({(word.origin, name)} if word.visit else ()),
        tellers=frozenset({word.origin}),
        opener=word.origin,
        opened=moment.best,
        touched=moment.best,
        ended=ending_of(word.event),
    )
    gone = word.event in ("transferred", "no_show")
    return _recorded(heard, word, known, moment, opens=not gone)


def _is_late(heard: Heard, word: Word, moment: Moment, order: Sequence[TicketOrigin]) -> bool:
    current = heard.visit(heard.current)
    if current is None or current.asleep or word.origin in current.tellers:
        return False
    if moment.best == current.opened and current.opener in order:
        return order.index(word.origin) > order.index(current.opener)
    return moment.best < current.opened - SKEW_MS


def _forward(heard: Heard, word: Word, known: Known, moment: Moment) -> Judged:
    ending = ending_of(word.event)
    so_already = known.ended == ending and word.event != "recalled"
    if so_already and not known.asleep:
        return heard.put(_told(known, word), opens=False), Verdict("repeat", known.id)
    return _recorded(heard, word, known, moment, opens=ending is None)


def _back(heard: Heard, word: Word, known: Known, moment: Moment) -> Judged:
    ending = ending_of(word.event)
    if ending is not None:
        if known.ended == ending:
            return heard, Verdict("repeat", known.id)
        return _recorded(heard, word, known, moment)
    newer = heard.newer(known)
    others = known.tellers - {word.origin}
    overtaken = any(others & one.tellers for one in newer)
    if overtaken and not any(word.origin in one.tellers for one in newer):
        return heard, Verdict("late", known.id)
    return _recorded(heard, word, known, moment, opens=True)


def _recorded(
    heard: Heard, word: Word, known: Known, moment: Moment, *, opens: bool = False
) -> Judged:
    """Return the outcome of a word that goes into the journal."""
    behind = not opens and known.id != heard.current
    after = replace(
        _told(known, word), ended=ending_of(word.event), touched=moment.best, asleep=False
    )
    if opens:
        after = replace(after, opened=moment.best, opener=word.origin)
    place = len(heard.story)
    if not opens and heard.visit(known.id) is not None:
        # What ends a known visit is not the newest: other visits may have been told of since.
        of_it = [at for at, entry in enumerate(heard.story, 1) if entry.visit == known.id]
        place = max([heard.read.get(word.origin, 0), *of_it])
    heard = heard.put(after, opens=opens)
    heard = heard.note(word.origin, Entry(known.id, word.event, moment.best), place)
    verdict = Verdict("behind" if behind else "news", known.id, _as_known(word, known))
    return heard, verdict


def _told(known: Known, word: Word) -> Known:
    """Return a visit of which one more source has told."""
    names = {(word.origin, word.visit)} if word.visit is not None else set()
    return replace(known, names=known.names | names, tellers=known.tellers | {word.origin})


def _as_known(word: Word, known: Known) -> Word:
    """Return a word as the journal should have it: one visit has one id and one number."""
    return replace(word, visit=known.id, ticket=known.ticket, day=word.day or known.day)
