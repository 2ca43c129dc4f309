"""What may be told of interviews: sums of blocks, so that no figure tells what one citizen said.

1. What is told follows `core.choices`: sums of *blocks* of at least five sheets of different
   citizens that have none in common. Interviews are few, so the blocks are others: they are made
   *subject* by subject, which is one of the five questions or what came of asking, within a *term*,
   which is a quarter.
2. What is known of a counter waits until it is enough and is then given out as the counter's. What
   still waits when the term is over is put together unit by unit, from the bottom up, and given out
   as the first unit's in which it is enough. What is too little even at the top is never told.
   *Enough* is five sheets, and for each asker none or five that others closed: whoever asked four
   of five would else take their own away and be left with what the fifth said.
3. A term is told as a whole and never by the day: else whoever asked most citizens of a day would
   take their own sheets away and be left with those of others.
4. A figure of a counter or a unit is the sum of the blocks that lie in it, so a unit can tell more
   than its counters do. A counter of which there is not enough tells nothing.
5. Beside the terminal's own figures stands the difference, and whether it is within chance. The
   terminal asks each citizen one question, the interview five; they are never added up.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter
from typing import Literal

from fleet_server.core.choices import ENOUGH_RATINGS, Choices
from fleet_server.core.comparison import Change, Share, change
from fleet_server.core.interviews import CRITERIA, OUTCOMES, Criterion, Outcome, Sheet

Subject = Criterion | Literal["outcome"]
SUBJECTS: tuple[Subject, ...] = (*CRITERIA, "outcome")


@dataclass(slots=True)
class _Pile:
    """What waits until it is enough: what was said, and how many of it each asker closed."""

    counts: Counter[str] = field(default_factory=Counter)
    askers: Counter[int] = field(default_factory=Counter)

    def add(self, said: Sequence[str], asker: int | None) -> None:
        """Put a sheet's words on it; the server, which is no asker, forgets what it closed."""
        self.counts.update(said)
        if asker is not None:
            self.askers[asker] += len(said)

    def put(self, other: "_Pile") -> None:
        """Put all of another one on it."""
        self.counts += other.counts
        self.askers += other.askers

    @property
    def is_enough(self) -> bool:
        """Whether it may be told (rule 2)."""
        whole = self.counts.total()
        others = (whole - own for own in self.askers.values())
        return whole >= ENOUGH_RATINGS and all(n == 0 or n >= ENOUGH_RATINGS for n in others)


@dataclass(frozen=True, slots=True)
class Block:
    """What sheets say of a subject, given out together (rules 1 and 2).

    Attributes:
        subject: a question, or what came of asking.
        unit: whose sheets they are.
        counter: of which counter, None where they are of several.
        counts: how many sheets say what, five or more together.
    """

    subject: Subject
    unit: int
    counter: int | None
    counts: Mapping[str, int]


def blocks(sheets: Iterable[Sheet], over: bool, above: Mapping[int, Sequence[int]]) -> list[Block]:
    """Return what is given out of a term's sheets (rule 2).

    Args:
        sheets: all sheets that were closed within the term.
        over: whether the term has passed.
        above: for each unit that a sheet names its way up as it is on the term's last day, the unit
            itself first, the highest last (the ids of `Tree.path`, turned round). A unit that is
            dissolved since is still in the tree.
    """
    in_order = sorted(sheets, key=attrgetter("id"))
    found: list[Block] = []
    for subject in SUBJECTS:
        of_counters, rest = _of_counters(subject, in_order)
        found += of_counters
        found += _of_units(subject, rest, above) if over else ()
    return found


def _of_counters(subject: Subject, sheets: Iterable[Sheet]) -> tuple[list[Block], dict[int, _Pile]]:
    """Return the blocks of counters, and by unit what is left over."""
    waiting: dict[tuple[int, int], _Pile] = {}
    found: list[Block] = []
    for sheet in sheets:
        together = waiting.setdefault((sheet.unit, sheet.counter), _Pile())
        together.add(_said(sheet, subject), sheet.asker)
        if together.is_enough:
            found.append(Block(subject, sheet.unit, sheet.counter, together.counts))
            del waiting[sheet.unit, sheet.counter]
    rest: dict[int, _Pile] = {}
    for (unit, _), pile in waiting.items():
        rest.setdefault(unit, _Pile()).put(pile)
    return found, rest


def _said(sheet: Sheet, subject: Subject) -> list[str]:
    """Return what a sheet says of a subject, as a list of one; not asked says nothing."""
    if subject == "outcome":
        return [sheet.outcome]
    answer = sheet.answers.get(subject, "not_asked")
    return [] if answer == "not_asked" else [answer]


def _of_units(
    subject: Subject, rest: Mapping[int, _Pile], above: Mapping[int, Sequence[int]]
) -> Iterator[Block]:
    parents = {unit: up for way in above.values() for unit, up in pairwise(way)}
    height = {unit: len(way) - at for way in above.values() for at, unit in enumerate(way)}
    waiting = dict(rest)
    for unit in sorted(height, key=lambda one: (-height[one], one)):
        pile = waiting.pop(unit, _Pile())
        if pile.is_enough:
            yield Block(subject, unit, None, pile.counts)
        elif unit in parents:
            waiting.setdefault(parents[unit], _Pile()).put(pile)


@dataclass(frozen=True, slots=True)
class Beside:
    """The answers to one question beside what terminals say (rule 5).

    Attributes:
        criterion: the question.
        answers: those that may be told; of nobody while they are too few.
        terminal: the choices that the terminals' figures show for the same place and time.
    """

    criterion: Criterion
    answers: Choices
    terminal: Choices

    @property
    def satisfied(self) -> Share:
        """Satisfied or better, of those who answered."""
        return _satisfied(self.answers)

    @property
    def difference(self) -> Change | None:
        """By how much the interviews are above the terminal; None where one tells nothing."""
        return change(self.satisfied, _satisfied(self.terminal))


def _satisfied(choices: Choices) -> Share:
    return Share(choices.very_satisfied + choices.satisfied, choices.total)


def beside(told: Iterable[Block], terminal: Choices) -> list[Beside]:
    """Return the five questions beside the terminals' figures (rules 4 and 5).

    Args:
        told: the blocks of a counter, or of a unit and all below it, in whole terms.
        terminal: what may be told of the terminals' choices there (`Figures.choices`).
    """
    sums = _sums(told)
    return [Beside(one, Choices(**sums[one]), terminal) for one in CRITERIA]


def outcomes(told: Iterable[Block]) -> dict[Outcome, int]:
    """Return how many interviews ended how, of those that may be told (rule 4)."""
    found = _sums(told)["outcome"]
    return {outcome: found[outcome] for outcome in OUTCOMES}


def _sums(told: Iterable[Block]) -> dict[Subject, Counter[str]]:
    sums: dict[Subject, Counter[str]] = {subject: Counter() for subject in SUBJECTS}
    for block in told:
        sums[block.subject].update(block.counts)
    return sums
