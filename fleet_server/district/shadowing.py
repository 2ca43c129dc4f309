"""A clerk who presses for whoever has gone without: pure, from a chance that the caller seeds."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random

from fleet_server.district.behaviour import Press, Serving

LEAVES_OUT = 0.15
"""Share of those citizens for whom even such a clerk does not press."""
AFTER_MS = (900, 2_400)
"""So long after closing the ticket the hand is at the button."""


def shadowed(servings: Iterable[Serving], chance: Random) -> Iterator[Serving]:
    """Yield a day's servings with the clerk's presses among the citizens' own."""
    for one in servings:
        if one.end != "closed" or one.presses or chance.random() < LEAVES_OUT:
            yield one
        else:
            press = Press(one.ended + chance.randint(*AFTER_MS), "very_satisfied", "first")
            yield replace(one, presses=(press,))
