"""The index scores of a branch for a period: what was entered, and what the server counts."""

from fleet_server.core.scores import Counted, Result, on, score
from fleet_server.store import score_entries, score_scales
from fleet_server.web.figures import Figures
from fleet_server.web.pieces import Asked


def scored(asked: Asked, whole: Figures) -> Result | None:
    """Return the scores by the scale that held on the period's last day; None before the first.

    Args:
        asked: period and branch.
        whole: the branch's figures as a whole.
    """
    try:
        scale = on(score_scales.scales(), asked.period.last.isoformat())
    except LookupError:
        return None
    unit = asked.unit.id if asked.unit else None
    open_ones = {index.key for index in scale.indexes if index.source == "entered"}
    held = score_entries.held(unit, asked.period.text)
    entered = {key: one for key, one in held.items() if key in open_ones}
    counted: Counted = {"satisfaction": whole.satisfied, "participation": whole.rated_share}
    return score(scale, counted, entered)


def changes(asked: Asked) -> list[str]:
    """Return the days within the period on which a scale began."""
    first, last = asked.period.first.isoformat(), asked.period.last.isoformat()
    return sorted({one.since for one in score_scales.scales() if first < one.since <= last})
