"""The index scores of a branch for a period: what was entered, and what the server counts."""

from fleet_server.core.scores import Counted, Result, on, score
from fleet_server.store import score_entries, score_scales
from fleet_server.web.pieces import Asked


def scored(asked: Asked, counted: Counted) -> Result | None:
    """Return the scores by the scale that held on the period's last day; None before the first.

    Args:
        asked: period and branch.
        counted: what the server counts of the branch.
    """
    try:
        scale = on(score_scales.scales(), asked.period.last.isoformat())
    except LookupError:
        return None
    unit = asked.unit.id if asked.unit else None
    open_ones = {index.key for index in scale.indexes if index.source == "entered"}
    held = score_entries.held(unit, asked.period.text)
    entered = {key: one for key, one in held.items() if key in open_ones}
    return score(scale, counted, entered)


def changes(asked: Asked) -> list[str]:
    """Return the days within the period on which a scale began."""
    first, last = asked.period.first.isoformat(), asked.period.last.isoformat()
    return sorted({one.since for one in score_scales.scales() if first < one.since <= last})
