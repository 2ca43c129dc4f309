"""What people made of a signal, beside it.

1. Nothing of a signal is changed or taken away. A ruling says *upheld* or *dismissed*, who, when
   and why; the reason is never empty, since a judgement without one is a whim.
2. Who errs, or learns more, rules anew: the last ruling stands, the others stay to be read.
3. A ruling is never older than the one before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["upheld", "dismissed"]


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
