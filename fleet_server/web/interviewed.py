"""What those who were drawn and asked said, beside what the terminals' figures say.

It is told in blocks of its own (`fleet_server.core.interview_blocks`), term by term; a term is a
quarter, and only a period of whole terms tells them. A unit's blocks are placed by the tree as it
lay at the term's end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fleet_server.core.interview_blocks import Beside, Block, beside, blocks, outcomes
from fleet_server.core.interviews import Outcome, Sheet
from fleet_server.core.spans import Period, of
from fleet_server.store import interviews, places
from fleet_server.web.figures import Figures
from fleet_server.web.pieces import Asked, here


@dataclass(frozen=True, slots=True)
class Interviewed:
    """What came of interviews in a place and a period.

    Attributes:
        outcomes: how many ended how, of those that may be told; nothing where the period is not
            made of whole terms.
        questions: the five questions beside the terminals' figures.
    """

    outcomes: dict[Outcome, int]
    questions: list[Beside]

    @property
    def is_told(self) -> bool:
        """Whether enough answered any question."""
        return any(one.answers.total for one in self.questions)


def told(wanted: Asked, figures: Figures, counter: int | None = None) -> Interviewed | None:
    """Return what was said of a counter, or of a branch.

    None where nobody was asked in the whole fleet: that nobody was at a counter is not told, for
    it would say that others were. It is not told by services: of a single one there is nothing.
    """
    terms = list(_terms(wanted)) if wanted.service is None else []
    if not any(sheets for _, sheets in terms):
        return None
    if not _is_whole(wanted.period, wanted.today):
        return Interviewed({}, [])
    said = [block for term in terms for block in _blocks(*term, wanted, counter)]
    return Interviewed(outcomes(said), beside(said, figures.choices))


def _is_whole(period: Period, today: date) -> bool:
    """Tell whether a period is made of whole terms; of the running one, as far as it has come."""
    end = of("quarter", period.last).last
    return of("quarter", period.first).first == period.first and min(end, today) <= period.last


def _terms(wanted: Asked) -> Iterator[tuple[Period, list[Sheet]]]:
    """Yield the terms of which days are asked for, with their sheets."""
    term = of("quarter", wanted.period.first)
    while term.first <= min(wanted.period.last, wanted.today):
        yield term, interviews.sheets(term.first.isoformat(), term.last.isoformat())
        term = term.after()


def _blocks(
    term: Period, sheets: list[Sheet], wanted: Asked, counter: int | None
) -> Iterator[Block]:
    """Yield the blocks of a term that lie where is asked for."""
    tree = places.tree_on(min(term.last, wanted.today).isoformat())
    branch = here(wanted, tree)
    ways = {
        unit: tuple(node.id for node in reversed(tree.path(unit)))
        for unit in {one.unit for one in sheets}
    }
    for one in blocks(sheets, term.last < wanted.today, ways):
        if branch.covers(one.unit) and counter in (None, one.counter):
            yield one
