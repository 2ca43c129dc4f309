"""What people made of a signal, beside it.

1. Nothing of a signal is changed or taken away. A ruling says *upheld* or *dismissed*, who, when
   and why; the reason is never empty, since a judgement without one is a whim.
2. Who errs, or learns more, rules anew: the last ruling stands, the others stay to be read.
3. A ruling is never older than the one before.
4. Days are judged once: after a ruling, its rule looks at that counter's later days only. After
   *dismissed* it is quiet there for `QUIET_DAYS` besides: a desk that stamps in 25 seconds does so
   next week, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeVar, get_args

from fleet_server.core.signals.tally import WINDOWS

Verdict = Literal["upheld", "dismissed"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

QUIET_DAYS = max(WINDOWS)

T = TypeVar("T")


class RulingError(ValueError):
    """A ruling that can't be; ``why`` is *reason* or *order*."""

    def __init__(self, why: Literal["reason", "order"]) -> None:
        """Keep what is wrong, which whoever shows it puts into words."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person decided about a signal; ``at`` is Unix milliseconds.

    Raises:
        RulingError: there is no reason in ``why``.
    """

    verdict: Verdict
    by: str
    at: int
    why: str

    def __post_init__(self) -> None:
        """Hold rule 1."""
        if not self.why.strip():
            raise RulingError("reason")


def ruled(before: Sequence[Ruling], new: Ruling) -> tuple[Ruling, ...]:
    """Return all rulings of a signal, the one that stands at the end.

    Raises:
        RulingError: ``new`` is older than the last one.
    """
    if before and new.at < before[-1].at:
        raise RulingError("order")
    return (*before, new)


def fresh(verdict: Verdict, day: str, days: Sequence[tuple[str, T]]) -> Sequence[tuple[str, T]]:
    """Return the days that a rule may still look at, after a ruling at that counter (rule 4).

    Args:
        verdict: what stands.
        day: when that was ruled, YYYY-MM-DD.
        days: each with what was counted, in order.
    """
    quiet = date.fromisoformat(day) + timedelta(days=QUIET_DAYS)
    if verdict == "dismissed" and days and days[-1][0] <= quiet.isoformat():
        return []
    return [one for one in days if one[0] > day]
