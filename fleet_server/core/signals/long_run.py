"""The same choice many times in a row, on a day that had others as well.

**Looks at** each day: the longest run of its commonest choice. Shuffle the day's ratings: how often
is there a run as long? The exact answer depends on how many of each there were and on nothing else,
so a popular clerk with 99 satisfied of 100 is not suspicious for that.

**Why honest counters don't.** The next citizen knows nothing of the last one's choice. Who presses
a series of good ones puts them side by side.

**Threshold.** A day on which that is less likely than `ODD` is a hit; one in a hundred is, by
chance. `HONEST` grants three times that, for mornings that go better than afternoons. Days on which
no order could be odd are no trial. No moment is kept: where a run begins would tell what was
chosen there, and just before.

**Can't tell** who presses the same choice for everybody, all day: such a day has no other choice to
compare with, and looks like a clerk whom all love. `too_good` and `soon_after_close` may.
"""

from collections import Counter
from itertools import groupby
from math import comb

from fleet_server.core.signals.evidence import CounterDay
from fleet_server.core.signals.tally import Rule, Tally

ODD = 0.01
HONEST = 0.03


def _count(day: CounterDay) -> Tally:
    presses = day.bound()
    counted = Counter(press.choice for press in presses)
    if len(counted) < 2:
        return Tally()
    common, many = counted.most_common(1)[0]
    others = len(presses) - many
    if run_chance(many, many, others) >= ODD:
        return Tally()
    longest = max(
        len(list(run)) for choice, run in groupby(presses, lambda one: one.choice)
        if choice == common
    )  # fmt: skip
    odd = run_chance(longest, many, others) < ODD
    return Tally(int(odd), 1)


def run_chance(length: int, many: int, others: int) -> float:
    """Return how often a shuffled row has a run of ``length`` or more of its ``many`` equal ones.

    The ``others`` part the row into one gap more than they are; the equal ones fall into these
    gaps, and inclusion and exclusion count the ways in which some gap takes ``length``
    (stars and bars). Whole numbers, so nothing is rounded before the end.
    """
    gaps = others + 1
    ways = sum(
        (1 if full % 2 else -1) * comb(gaps, full) * comb(many - full * length + others, others)
        for full in range(1, min(gaps, many // length) + 1)
    )
    return ways / comb(many + others, others)


RULE = Rule("long_run", HONEST, _count)
