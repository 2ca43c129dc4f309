"""What stands beside the signed figures of a report, each part as its own pages have it."""

from fleet_server.core.comparison import Share
from fleet_server.core.report import Attached
from fleet_server.core.scores import Counted
from fleet_server.reports.explained import cases, in_time
from fleet_server.reports.scored import scored
from fleet_server.store.pages.cases import Sight
from fleet_server.web import apart, interviewed, ruled
from fleet_server.web.figures import Figures
from fleet_server.web.interviewed import Interviewed
from fleet_server.web.pieces import Asked


def beside(asked: Asked, whole: Figures, sight: Sight, now: int) -> Attached:
    """Return it.

    Args:
        asked: period and branch.
        whole: the branch's figures as a whole.
        sight: which cases whoever reads the report sees.
        now: Unix milliseconds.
    """
    said = interviewed.told(asked, whole)
    counted: Counted = {
        "satisfaction": whole.satisfied,
        "participation": whole.rated_share,
        "attitude": _attitude(said),
        "explained": in_time(asked, now),
    }
    return Attached(
        ruled=ruled.beside(whole, asked),
        cases=cases(asked, sight, now),
        interviews=said.questions if said else (),
        outcomes=said.outcomes if said else None,
        others=apart.lines(asked, whole),
        scores=scored(asked, counted),
    )


def _attitude(said: Interviewed | None) -> Share:
    """Return how many were satisfied with the staff's attitude, of whom it may be told."""
    found = (one.satisfied for one in said.questions if one.criterion == "attitude") if said else ()
    return next(iter(found), Share(0, 0))
