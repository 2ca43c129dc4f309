"""Which rating of a visit stands.

All ratings of one visit are judged together, in the order in which the server took them:

1. A rating on a disputed branch stands never and changes nothing: *disputed*.
2. One that the terminal itself marked as contested is *contested*.
3. The first other one *stands*.
4. A later one *replaces* it when it says so by the standing rating's seq, and comes from the same
   chain and boot, within 5 s by ``up``. It stands from then on.
5. Any other later one is *contested*, whoever pressed and on whichever terminal: it is shown, never
   counted, never dropped.

So what stands is overturned by a correction alone, not by what happens to arrive later. A rating
without a visit is *unbound* and not judged here. Nothing here reads a clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

CORRECTION_MS = 5_000

Status = Literal["standing", "replaced", "contested", "disputed", "unbound"]


@dataclass(frozen=True, slots=True)
class Press:
    """One rating record of a visit.

    Attributes:
        record: The server's number of the record, in the order of acceptance.
        chain: The chain it is in.
        seq: Its place there.
        boot: The boot it was made in.
        up: Milliseconds since that boot.
        replaces: The seq that it says it corrects, or None.
        flagged: Whether the terminal marked it as contested.
        disputed: Whether it lies on a disputed branch.
    """

    record: int
    chain: int
    seq: int
    boot: str
    up: int
    replaces: int | None = None
    flagged: bool = False
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a rating, and the record that took its place, if one did."""

    status: Status
    replaced_by: int | None = None


def corrects(later: Press, standing: Press) -> bool:
    """Whether ``later`` is a correction of ``standing`` (rule 4)."""
    return (
        later.replaces == standing.seq
        and (later.chain, later.boot) == (standing.chain, standing.boot)
        and 0 <= later.up - standing.up <= CORRECTION_MS
    )


def judge(presses: Iterable[Press]) -> dict[int, Judgement]:
    """Judge all ratings of one visit; the keys are their records."""
    judged: dict[int, Judgement] = {}
    standing: Press | None = None
    for press in sorted(presses, key=lambda one: one.record):
        if press.disputed:
            judged[press.record] = Judgement("disputed")
        elif press.flagged:
            judged[press.record] = Judgement("contested")
        elif standing is None:
            standing = press
        elif corrects(press, standing):
            judged[standing.record] = Judgement("replaced", replaced_by=press.record)
            standing = press
        else:
            judged[press.record] = Judgement("contested")
    if standing is not None:
        judged[standing.record] = Judgement("standing")
    return judged
