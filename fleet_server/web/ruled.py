"""Figures without the ratings whose reason lay on the citizen's side, beside those with them."""

from fleet_server.core.case_figures import Both, both
from fleet_server.store.pages import cases
from fleet_server.web.figures import Figures
from fleet_server.web.pieces import Asked, pieces


def beside(figures: Figures, asked: Asked, counter: int | None = None) -> Both | None:
    """Return both figures, or None where nothing was ruled out, or it can't be told of what.

    Args:
        figures: those of what is asked for.
        asked: what is asked for; of a single service no case says anything.
        counter: only of this one.
    """
    if figures.shown is None or asked.service is not None:
        return None
    ruled = sum(
        cases.ruled_out(piece.first, piece.last, piece.units, counter) for piece in pieces(asked)
    )
    return both(figures.shown, ruled) if 0 < ruled <= figures.shown.unsatisfied else None
