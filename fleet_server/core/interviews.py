"""What comes of asking the citizens who were drawn: sheets, and who may close one how.

1. A sheet has an outcome. Who was interviewed answers up to five questions; with every other
   outcome there are no answers. A question that does not fit the visit was *not asked*: it counts
   nowhere. A sheet is final once it has an outcome: what was told would else say who changed.
2. After *not reached* (so many tries, `enough_tries`; one that is sent twice is one, `is_another`),
   *refused*, *withdrawn* and *contact ended* the next one is asked (`Draw.replacement`); all of
   them are told as counts.
3. Nobody is passed over from the desk. Whoever closes an interview has looked at how to reach the
   citizen; *withdrawn* may also be said where that can't be looked at any more, and *contact ended*
   only there. The server itself closes what nobody can be asked about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

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

AGAIN_MS = 60_000
"""A try sooner than this after another is that one, sent twice."""

Reason = Literal["no_answer", "answers_without_interview", "not_looked", "still_usable"]


class SheetError(ValueError):
    """A sheet contradicts itself, or may not be closed so; ``reason`` says why."""

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
        asker: the account that closed it; None where the server did.
    """

    id: int
    visit: str
    counter: int
    unit: int
    day: date
    outcome: Outcome
    answers: Mapping[Criterion, Answer]
    asker: int | None = None

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


def is_another(tries: Iterable[int], now: int) -> bool:
    """Whether a try now is one more, after tries of these Unix milliseconds (rule 2)."""
    return all(now - at >= AGAIN_MS for at in tries)


def check_closing(outcome: Outcome, *, looked: bool, usable: bool) -> None:
    """Refuse an outcome that whoever closes can't know (rule 3).

    Args:
        outcome: what they say came of it.
        looked: whether they have looked at how to reach the citizen.
        usable: whether that may still be looked at.

    Raises:
        SheetError: they can't.
    """
    if outcome == "contact_ended" and usable:
        raise SheetError("still_usable")
    unseen = outcome == "contact_ended" or (outcome == "withdrawn" and not usable)
    if not looked and not unseen:
        raise SheetError("not_looked")
