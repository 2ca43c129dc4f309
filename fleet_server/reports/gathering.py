"""Gathers what a report says: each figure by the same door as the pages, all of one snapshot."""

from collections.abc import Callable
from dataclasses import replace

from fleet_server.core.report import Report, Row, Stamp, build
from fleet_server.core.targets import SCALE
from fleet_server.reports.beside import beside
from fleet_server.reports.caveats import caveats
from fleet_server.store.database import reading
from fleet_server.store.pages import counters as counter_store
from fleet_server.store.pages.cases import Sight
from fleet_server.web import measured
from fleet_server.web.figures import NOTHING, Figures
from fleet_server.web.pieces import Asked, spells
from fleet_server.web.told_head import told_head

STEPS = 4
"""How often gathering tells that it went on."""


def gather(
    asked: Asked,
    branch: tuple[str, ...],
    sight: Sight,
    by: str,
    now: int,
    moved: Callable[[int], object] = lambda _count: None,
) -> Report[Figures]:
    """Return the report of a branch for a period; in an app's context.

    Args:
        asked: period, running day and branch.
        branch: the names of the units from the top down to that of the branch.
        sight: which cases whoever reads it sees.
        by: for whom, as in the audit log.
        now: Unix milliseconds.
        moved: told of each step that is done.

    Raises:
        ReportError: the parts don't add up.
    """
    with reading():
        rows = _rows(asked)
        moved(1)
        whole = measured.whole(asked)
        moved(1)
        said = caveats(asked)
        moved(1)
        attached = beside(asked, whole, sight, now)
        moved(1)
        stamp = _stamp(asked, by, now)
    return build(asked.period, branch, rows, whole, said, attached, stamp)


def _stamp(asked: Asked, by: str, now: int) -> Stamp:
    number, digest = told_head()
    until = min(asked.period.last, asked.today)
    return Stamp(now, by, until, SCALE, f"{number}:{digest}")


def _rows(asked: Asked) -> list[Row[Figures]]:
    """Return the parts of the branch, or the counters of a unit that has no parts.

    A fleet below a single unit has the parts of that one: a row beside its total says nothing.
    """
    parts = measured.by_part(asked)
    top = parts[0][0] if asked.unit is None and len(parts) == 1 else None
    if top is not None:
        return _rows(replace(asked, unit=top))
    if all(part is None for part, _ in parts):
        return _counters(asked)
    first = asked.period.first.isoformat()
    return [
        Row(part.code if part else "", part.name if part else "", figures)
        for part, figures in parts
        if part is None or part.closed is None or part.closed > first or figures != NOTHING
    ]


def _counters(asked: Asked) -> list[Row[Figures]]:
    """Return the counters that lay in the branch, those that nothing was told of too."""
    lain = {one.counter for one in spells(asked)}
    held = measured.by_counter(asked)
    first = asked.period.first.isoformat()
    return [
        Row(one.code, one.name, held.get(one.id, NOTHING))
        for one in counter_store.counters()
        if one.id in held or (one.id in lain and one.stood(first))
    ]
