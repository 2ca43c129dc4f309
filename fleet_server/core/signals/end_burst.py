"""Presses heaped up before the office closes.

**Looks at** each opening: of its presses (those without a visit too), how many came in its last
`LAST_MS`, beside how many of its citizens were served then. An opening is a hit if so many presses,
or more, came less often than once in a hundred (`ODD`) even where the last citizens press half as
often again (`EAGER`) as the others.

**Why honest counters don't.** Who presses was served shortly before; so presses come when citizens
do, in a rush at the end too. Who sees in the evening that forty per cent are not reached, presses.

**Threshold.** One opening in a hundred is odd by chance; `HONEST` grants as many again, for a child
that plays while its mother is the last. A cluster counts once, as an opening (`tally.py`, 3).

**Can't tell** a clerk who spreads the presses over the day, nor one who calls a ticket for each of
them: that is `soon_after_call`.
"""

from fleet_server.core.signals.evidence import CounterDay, Span
from fleet_server.core.signals.tally import Rule, Tally, at_least, found

LAST_MS = 20 * 60_000
EAGER = 1.5
ODD = 0.01
HONEST = 0.02
LEAST_PRESSES = 5
"""With fewer presses in an opening, hardly anything is odd."""


def _count(day: CounterDay) -> Tally:
    presses = [press.at for press in day.presses()]
    served = [
        visit.closed_at for visit in day.sure() if visit.served and visit.closed_at is not None
    ]
    hits, of = [], 0
    for span in day.open:
        within = [at for at in presses if span[0] <= at < span[1]]
        if len(within) >= LEAST_PRESSES:
            of += 1
            hits += _odd(span, within, [at for at in served if span[0] <= at < span[1]])
    return found(hits, of)


def _odd(span: Span, presses: list[int], served: list[int]) -> list[int]:
    """Return when the burst of an opening began; nothing where there is none."""
    last = span[1] - LAST_MS
    late = [at for at in presses if at >= last]
    # One citizen more at each side: where few were served, their share says little.
    share = (sum(at >= last for at in served) + 1) / (len(served) + 2)
    odd = at_least(len(late), len(presses), min(0.99, EAGER * share)) < ODD
    return late[:1] if odd else []


RULE = Rule("end_burst", HONEST, _count)
