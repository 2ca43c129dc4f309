"""When is it no longer chance? One test for all rules.

1. Each rule makes of a day some *trials*, and of some of them *hits*: what a cheat leaves behind.
   Days are added; so a store keeps two numbers a day, and not the visits of a month.
2. Each rule says which share of hits an honest counter has at most, and why. The test is the exact
   binomial one: how likely are so many hits or more, were the share just that?
3. What comes in clusters (a child, a cut, a bad afternoon) is one trial, else the test would be
   wrong: such rules count days or openings, and not presses.
4. `AIM` false alarms of all rules together for each counter and month, were every counter just at
   the limit of every rule; real ones are far below. It is parted evenly (Bonferroni) among the
   rules, the evenings of a month and the windows, since each look is a new chance to be wrong:
   `chance_for`.
5. A look goes over the last days, whatever month they lie in: a week, which finds soon what is done
   every day, and thirty days, which find what is done seldom.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from fleet_server.core.signals.evidence import CounterDay

AIM = 0.05
"""False alarms for each counter and month, at most (rule 4)."""
LOOKS = 27
"""Days of a month on which an office is open, Saturdays too: as many evenings with a look."""
WINDOWS = (7, 30)
"""Over how many days back a look goes, the running one among them."""
STRONG = 1e-6
"""A chance smaller by this factor than what is enough makes a signal *strong*: of a million
false alarms, one would be."""
MOST_MOMENTS = 20
"""So many moments are kept of a signal, for a person to look at first."""

RuleName = Literal[
    "soon_after_call",
    "soon_after_close",
    "regular_gaps",
    "end_burst",
    "long_run",
    "outside_hours",
    "too_good",
    "not_offered",
    "unplugged",
]


@dataclass(frozen=True, slots=True)
class Tally:
    """What a rule found in some days.

    Attributes:
        hits: how often it was as a cheat would have it.
        of: how often it could have been.
        moments: when the first hits were.
    """

    hits: int = 0
    of: int = 0
    moments: tuple[int, ...] = ()

    def __add__(self, other: "Tally") -> "Tally":
        """Return both together, these days being the earlier ones."""
        moments = (self.moments + other.moments)[:MOST_MOMENTS]
        return Tally(self.hits + other.hits, self.of + other.of, moments)


def found(moments: list[int], of: int) -> Tally:
    """Return the tally of hits at these moments."""
    return Tally(len(moments), of, tuple(moments[:MOST_MOMENTS]))


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, the greatest honest share of hits, and how a day is counted."""

    name: RuleName
    honest: float
    count: Callable[[CounterDay], Tally]


def chance_for(rules: int) -> float:
    """Return below which chance a look at one of so many rules is a signal (rule 4)."""
    return AIM / (rules * LOOKS * len(WINDOWS))


def at_least(hits: int, of: int, share: float) -> float:
    """Return the chance of ``hits`` or more in ``of`` trials that each hit with ``share``.

    Args:
        hits: from 0 to ``of``.
        of: trials.
        share: above 0 and below 1.
    """
    if hits <= of * share:  # more likely than not, or nearly: not worth the sum
        return 1.0
    return min(1.0, math.fsum(_exactly(k, of, share) for k in range(hits, of + 1)))


def _exactly(hits: int, of: int, share: float) -> float:
    ways = math.lgamma(of + 1) - math.lgamma(hits + 1) - math.lgamma(of - hits + 1)
    return math.exp(ways + hits * math.log(share) + (of - hits) * math.log1p(-share))
