"""Figures of ratings that no terminal signed, beside the signed ones and never in a sum with them.

Each is told in blocks of a place and a month (`fleet_server.core.channels`, rule 5): of a counter
in the unit where it lay, or of a unit where nobody knows the counter. So what is told of a unit's
days is a sum of whole blocks, too.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from fleet_server.core.channels import WAYS, Apart, Line, Unsigned, Way, apart, told
from fleet_server.core.choices import Choices
from fleet_server.store import unsigned
from fleet_server.store.pages.unsigned import taken
from fleet_server.web.figures import Figures
from fleet_server.web.pieces import Asked, Piece, pieces


def lines(asked: Asked, signed: Figures, counter: int | None = None) -> list[Line]:
    """Return a line for each way that anything came; none where one service is asked for.

    Args:
        asked: what is asked for; nobody knows the service of such a rating.
        signed: the figures that these stand beside.
        counter: only of this one, on the days on which it lay in the branch.
    """
    if asked.service is not None:
        return []
    first, last = asked.period.first, asked.period.last
    parts = list(pieces(asked))
    held = taken(first.replace(day=1).isoformat(), last.isoformat(), _units(parts), counter)
    here = [one for one in held.ratings if _lies(parts, one.unit, one.taken)]
    gone = [way for way, unit, day in held.withdrawn if _lies(parts, unit, day)]
    if not here and not gone:
        return []
    given = _given(held.ratings, held.stood, parts, asked.today.isoformat())
    judged = unsigned.judgements(here)
    seconds = [one for one in here if judged[one.id] == "second"]
    return _lines(apart(signed.choices, given, seconds, gone), Counter(one.way for one in here))


def _lines(found: Apart, received: Mapping[Way, int]) -> list[Line]:
    return [
        Line(way, received[way], found.others[way], found.second[way], found.withdrawn[way])
        for way in WAYS
        if received[way] or found.withdrawn[way]
    ]


def _given(
    ratings: Iterable[Unsigned], stood: frozenset[int], parts: list[Piece], today: str
) -> list[dict[tuple[str, Way], Choices]]:
    """Return what is told of each place and month, of the days that are asked for."""
    places: dict[tuple[int, int | None, str], list[Unsigned]] = defaultdict(list)
    for one in ratings:
        places[one.unit, one.counter, one.taken[:7]].append(one)
    return [
        {
            (day, way): choices
            for (day, way), choices in told(held, stood, today).items()
            if _lies(parts, unit, day)
        }
        for (unit, _counter, _month), held in places.items()
    ]


def _units(parts: Iterable[Piece]) -> frozenset[int] | None:
    """Return the units that are asked for on any of the days; None for all."""
    found: frozenset[int] = frozenset()
    for piece in parts:
        if piece.units is None:
            return None
        found |= piece.units
    return found


def _lies(parts: Iterable[Piece], unit: int, day: str) -> bool:
    return any(piece.holds(day) and piece.has(unit) for piece in parts)
