"""What the citizens who were drawn say, and what may be told of it.

1. A sheet has an outcome. Who was interviewed answers up to five questions; with every other
   outcome there are no answers. A question that does not fit the visit was *not asked*: it counts
   nowhere. A sheet is final once it has an outcome: what was told would else say who changed.
2. After *not reached* (so many tries, `enough_tries`), *refused*, *withdrawn* and *contact ended*
   the next one is asked (`Draw.replacement`); all of them are told as counts.
3. What may be told of answers follows `core.choices`: sums of *blocks* of at least five answers of
   different citizens that have none in common. Interviews are few, so the blocks are others, made
   question by question within a *term*, by default a quarter: a counter's answers wait until they
   are five and are then given out as the counter's, on the day of the fifth. What still waits when
   the term is over is put together unit by unit, from the bottom up, and given out as the first
   unit's in which it comes to five, on the term's last day. What is too few even at the top is
   never told.
4. A figure of a counter, a unit or a span of days within terms is the sum of the blocks that lie in
   it, so a unit can tell more than its counters do.
5. Beside the terminal's own figures stands the difference, and whether it is within chance. The
   terminal asks each citizen one question, the interview five; they are never added up.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from operator import attrgetter
from typing import Literal, get_args

from fleet_server.core.choices import ENOUGH_RATINGS, NONE, Choices
from fleet_server.core.comparison import Change, Share, change

Criterion = Literal["guidance", "intake", "handling", "handing_out", "attitude"]
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)
"""What a citizen is asked about, in the order of the sheet."""

Answer = Literal["very_satisfied", "satisfied", "unsatisfied", "not_asked"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)

Outcome = Literal["done", "not_reached", "refused", "withdrawn", "contact_ended"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

REPLACED: frozenset[Outcome] = frozenset(OUTCOMES) - {"done"}
"""After these the next one is asked."""

TRIES = 3
"""Who was not reached on so many different days is not reached (a setting's default)."""

Reason = Literal["no_answer", "answers_without_interview"]


class SheetError(ValueError):
    """A sheet contradicts itself; ``reason`` says how."""

    def __init__(self, reason: Reason) -> None:
        """Keep the reason, which whoever shows it puts into words."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sheet:
    """What came of asking one citizen; nothing in it says who.

    Attributes:
        id: the server's number, in the order in which sheets were closed with an outcome.
        visit: id of the visit that was drawn.
        counter: id of its counter.
        unit: id of the unit in which the counter lay on the day of the visit.
        day: when it was closed, by the server's clock and never as typed: no sheet comes before
            what was told already.
        outcome: what came of it.
        answers: by question; a question that is missing was not asked.
    """

    id: int
    visit: str
    counter: int
    unit: int
    day: date
    outcome: Outcome
    answers: Mapping[Criterion, Answer]

    def __post_init__(self) -> None:
        """Refuse a sheet that contradicts itself (rule 1).

        Raises:
            SheetError: it does.
        """
        answered = any(answer != "not_asked" for answer in self.answers.values())
        if self.outcome == "done" and not answered:
            raise SheetError("no_answer")
        if self.outcome != "done" and answered:
            raise SheetError("answers_without_interview")


def enough_tries(days: Iterable[date], wanted: int = TRIES) -> bool:
    """Whether somebody was tried to be reached on enough different days to give up (rule 2)."""
    return len(set(days)) >= wanted


@dataclass(frozen=True, slots=True)
class Block:
    """Answers to one question that are given out together (rule 3).

    Attributes:
        criterion: the question.
        unit: whose answers they are.
        counter: of which counter, None where they are of several.
        day: on which day they count.
        choices: the answers, five or more.
    """

    criterion: Criterion
    unit: int
    counter: int | None
    day: date
    choices: Choices


def blocks(
    sheets: Iterable[Sheet], last: date, over: bool, above: Mapping[int, Sequence[int]]
) -> list[Block]:
    """Return what is given out of a term's sheets (rule 3).

    Args:
        sheets: all sheets that were closed within the term.
        last: its last day.
        over: whether that has passed.
        above: for each unit that a sheet names its way up as it is on the term's last day, the unit
            itself first, the highest last (the ids of `Tree.path`, turned round). A unit that is
            dissolved since is still in the tree.
    """
    done = sorted((one for one in sheets if one.outcome == "done"), key=attrgetter("id"))
    found: list[Block] = []
    for criterion in CRITERIA:
        of_counters, rest = _of_counters(criterion, done)
        found += of_counters
        found += _of_units(criterion, rest, last, above) if over else ()
    return found


def _of_counters(
    criterion: Criterion, done: Iterable[Sheet]
) -> tuple[list[Block], dict[int, Choices]]:
    """Return the blocks of counters, and by unit what is left over."""
    waiting: dict[tuple[int, int], Choices] = {}
    found: list[Block] = []
    for sheet in done:
        whose = (sheet.unit, sheet.counter)
        together = waiting.get(whose, NONE) + _choice(sheet.answers.get(criterion, "not_asked"))
        enough = together.total >= ENOUGH_RATINGS
        if enough:
            found.append(Block(criterion, sheet.unit, sheet.counter, sheet.day, together))
        waiting[whose] = NONE if enough else together
    rest: dict[int, Choices] = {}
    for (unit, _), choices in waiting.items():
        rest[unit] = rest.get(unit, NONE) + choices
    return found, rest


def _choice(answer: Answer) -> Choices:
    return NONE if answer == "not_asked" else Choices(**{answer: 1})


def _of_units(
    criterion: Criterion,
    rest: Mapping[int, Choices],
    last: date,
    above: Mapping[int, Sequence[int]],
) -> Iterator[Block]:
    parents = {unit: up for way in above.values() for unit, up in pairwise(way)}
    height = {unit: len(way) - at for way in above.values() for at, unit in enumerate(way)}
    waiting = dict(rest)
    for unit in sorted(height, key=lambda one: (-height[one], one)):
        choices = waiting.pop(unit, NONE)
        if choices.total >= ENOUGH_RATINGS:
            yield Block(criterion, unit, None, last, choices)
        elif unit in parents:
            waiting[parents[unit]] = waiting.get(parents[unit], NONE) + choices


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
        told: the blocks of a counter, or of a unit and all below it, in a span of days.
        terminal: what may be told of the terminals' choices there (`Figures.choices`).
    """
    sums: dict[Criterion, Choices] = dict.fromkeys(CRITERIA, NONE)
    for block in told:
        sums[block.criterion] += block.choices
    return [Beside(criterion, sums[criterion], terminal) for criterion in CRITERIA]


def outcomes(sheets: Iterable[Sheet]) -> dict[Outcome, int]:
    """Return how many sheets ended how; these are no answers and may be told at once."""
    found = dict.fromkeys(OUTCOMES, 0)
    for sheet in sheets:
        found[sheet.outcome] += 1
    return found
