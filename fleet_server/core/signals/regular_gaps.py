"""Presses at even distances, as of a machine.

**Looks at** the gaps between a press and the next one: the first with the second, the third with
the fourth, and so on. Two are *alike* if they differ by `ALIKE` of the longer at most. Gaps above
`LONGEST_MS` (lunch) don't count, nor below `SHORTEST_MS`: a child that hammers is even, and is no
clerk.

**Why honest counters don't.** One citizen takes two minutes, the next ten. Even where service is as
even as on an assembly line (a deviation of a quarter), two gaps are that alike once in nine times.

**Threshold.** `HONEST` is a share above that. The test is that of `tally.py`.

**Can't tell** a machine that draws its pauses by chance, nor one between whose presses citizens
press as often.
"""

from itertools import pairwise

from fleet_server.core.signals.evidence import CounterDay
from fleet_server.core.signals.tally import Rule, Tally, found

ALIKE = 0.05
LONGEST_MS = 30 * 60_000
SHORTEST_MS = 5_000
HONEST = 0.15


def _count(day: CounterDay) -> Tally:
    gaps = [
        (two.at, two.at - one.at)
        for one, two in pairwise(day.presses())
        if SHORTEST_MS <= two.at - one.at <= LONGEST_MS
    ]
    pairs = list(zip(gaps[::2], gaps[1::2], strict=False))
    alike = [at for (_, one), (at, two) in pairs if abs(one - two) <= ALIKE * max(one, two)]
    return found(alike, len(pairs))


RULE = Rule("regular_gaps", HONEST, _count)
