"""What those who were drawn and asked said, beside what the terminals' figures say.

Answers are told in blocks of their own (`fleet_server.core.interviews`), term by term; a term is a
quarter. A unit's blocks are placed by the tree as it lay at the term's end.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fleet_server.core.interviews import Beside, Block, Outcome, Sheet, beside, blocks, outcomes
from fleet_server.core.roles import Scope
from fleet_server.core.spans import Period, of
from fleet_server.core.tree import Tree
from fleet_server.store import interviews, places
from fleet_server.web.figures import Figures
from fleet_server.web.pieces import Asked


@dataclass(frozen=True, slots=True)
class Interviewed:
    """What came of interviews in a place and a period.

    Attributes:
        outcomes: how many ended how.
        questions: the five questions beside the terminals' figures.
    """

    outcomes: dict[Outcome, int]
    questions: list[Beside]

    @property
    def is_told(self) -> bool:
        """Whether enough answered any question."""
        return any(one.answers.total for one in self.questions)


@dataclass(frozen=True, slots=True)
class _Term:
    period: Period
    sheets: list[Sheet]
    tree: Tree
    scope: Scope
    """What of the term's units the page is about."""


def told(wanted: Asked, figures: Figures, counter: int | None = None) -> Interviewed | None:
    """Return what was said of a counter, or of a branch; None where nobody was asked.

    It is not told by services: of a single one there is nothing.
    """
    if wanted.service is not None:
        return None
    sheets: list[Sheet] = []
    said: list[Block] = []
    for term in _terms(wanted):
        sheets += [one for one in term.sheets if _is_there(one, term, wanted, counter)]
        said += [one for one in _blocks(term, wanted) if _is_there(one, term, wanted, counter)]
    return Interviewed(outcomes(sheets), beside(said, figures.choices)) if sheets else None


def _terms(wanted: Asked) -> Iterator[_Term]:
    period = of("quarter", wanted.period.first)
    while period.first <= min(wanted.period.last, wanted.today):
        first, last = period.first.isoformat(), period.last.isoformat()
        tree = places.tree_on(min(period.last, wanted.today).isoformat())
        here = wanted.scope
        if wanted.unit is not None:
            here = here.within(tree.branch(wanted.unit.id))
        yield _Term(period, interviews.sheets(first, last), tree, here)
        period = period.after()


def _is_there(one: Sheet | Block, term: _Term, wanted: Asked, counter: int | None) -> bool:
    days = wanted.period.first <= one.day <= wanted.period.last
    return days and term.scope.covers(one.unit) and counter in (None, one.counter)


def _blocks(term: _Term, wanted: Asked) -> list[Block]:
    over = term.period.last < wanted.today
    ways = {
        unit: tuple(node.id for node in reversed(term.tree.path(unit)))
        for unit in {one.unit for one in term.sheets}
    }
    return blocks(term.sheets, term.period.last, over, ways)
