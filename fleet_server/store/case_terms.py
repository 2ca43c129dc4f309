"""How long the steps of cases may take, for whom; each version is kept."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Literal

from fleet_server.core.escalation import Terms
from fleet_server.core.tree import Tree
from fleet_server.store.database import rows
from fleet_server.store.models import CaseTerms

Grain = Literal["rating", "day"]
USUAL: Grain = "rating"


def grain() -> Grain:
    """Return whether cases are of single ratings or of a counter's day."""
    query = CaseTerms.select(CaseTerms.grain).where(CaseTerms.unit.is_null())
    found = rows(query.order_by(CaseTerms.id.desc()).limit(1))
    return found[0][0] if found else USUAL


def of(unit: int | None, tree: Tree) -> Terms:
    """Return what holds for a unit: its own, or those of the nearest above that has some."""
    held = _newest()
    above = [] if unit is None else [node.id for node in tree.path(unit)[::-1]]
    own: Iterable[Terms | None] = (held.get(one) for one in (*above, None))
    return next((one for one in own if one is not None), Terms())


def _newest() -> dict[int | None, Terms | None]:
    query = CaseTerms.select(CaseTerms.unit, CaseTerms.terms).order_by(CaseTerms.id)
    return {unit: _read(terms) for unit, terms in rows(query)}


def _read(terms: dict[str, object] | None) -> Terms | None:
    return None if terms is None else Terms(**{**terms, "over": tuple(terms["over"])})  # type: ignore[arg-type]  # as `write` wrote it


def write(terms: Terms) -> dict[str, object]:
    """Return terms as the table holds them."""
    return {**asdict(terms), "over": list(terms.over)}
