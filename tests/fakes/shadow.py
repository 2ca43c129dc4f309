"""A counter whose clerk presses for those who have gone: just after closing the ticket."""

from collections.abc import Mapping
from random import Random

from fleet_server.core.signals.rules import RULES, Tallies
from fleet_server.core.signals.tally import RuleName, Tally
from tests.fakes.desk import MINUTE, SECOND, Desk

FORGED = 20
"""So many such ratings in a day are no chance any more."""


def presses_after_closing(
    desk: Desk, many: int = FORGED, first: float = 0, name: str = "v"
) -> None:
    """Serve citizens of whom nobody presses, and press for each of them."""
    chance, at = Random(name), first
    for number in range(many):
        visit, ticket = f"{name}{number}", f"A{number}"
        desk.ticket(visit, "called", at, ticket=ticket)
        closed = at + chance.randint(60, 900) * SECOND
        desk.ticket(visit, "closed", closed, ticket=ticket)
        desk.rate(visit, closed + chance.randint(900, 2_500))
        at = closed + MINUTE


def tallies(found: Mapping[RuleName, Tally] | None = None, **named: Tally) -> Tallies:
    """Return what all rules found in a day: nothing, but for those that are given."""
    given = {**(found or {}), **named}
    return {rule.name: given.get(rule.name, Tally()) for rule in RULES}
