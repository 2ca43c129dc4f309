"""Figures of counters and units over a period, each day where it was counted and under its target.

They are counted piece by piece (`fleet_server.web.pieces`). So the figures of a unit's children,
and of what lies right in it, always add up to its own.

Today's choices are those that `running` tells; of days before, what roll-ups hold as told.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from fleet_server.core import alphabet
from fleet_server.core.choices import NONE, Choices
from fleet_server.core.roles import Scope
from fleet_server.core.spans import of
from fleet_server.core.targets import Goal
from fleet_server.core.tree import Node
from fleet_server.store.pages import lines
from fleet_server.store.pages.lines import Line
from fleet_server.web import running
from fleet_server.web.figures import NOTHING, Figures
from fleet_server.web.pieces import Asked, Piece, pieces

Part = Node | None
"""A child of a unit, or None for the counters that lie right in it."""


def _figures(line: Line, goal: Goal) -> Figures:
    return Figures.under(line.sums, line.told, goal)


def by_counter(asked: Asked, among: Collection[int] | None = None) -> dict[int, Figures]:
    """Return each counter's figures of the days on which it lay in the branch.

    Args:
        asked: what is asked for.
        among: only these counters.
    """
    found: dict[int, Figures] = {}
    for piece in pieces(asked):
        for counter, unit, line in _counters(piece, asked, among):
            figures = _figures(line, piece.goals[unit])
            found[counter] = found.get(counter, NOTHING) + figures
    return found


def _counters(
    piece: Piece, asked: Asked, among: Collection[int] | None
) -> Iterator[tuple[int, int, Line]]:
    moving = lines.moved(piece.first, piece.last)
    steady = {
        counter: unit
        for counter, unit in lines.placed(piece.last).items()
        if counter not in moving and piece.has(unit) and (among is None or counter in among)
    }
    only = None if piece.units is None and among is None else steady.keys()
    # Nothing lies between today and the month's end, and months are added up already.
    running_month = piece.last == asked.today.isoformat()
    last = of("month", asked.today).last.isoformat() if running_month else piece.last
    fresh = _running(piece, asked, only)
    for counter, line in lines.by_counter(piece.first, last, asked.service, only).items():
        if counter in steady:
            yield counter, steady[counter], _with(line, fresh.get(counter))
    for counter, spells in moving.items():
        if among is None or counter in among:
            yield from _spells(counter, [one for one in spells if piece.has(one[0])], asked)


def _spells(
    counter: int, spells: Iterable[tuple[int, str, str]], asked: Asked
) -> Iterator[tuple[int, int, Line]]:
    today = asked.today.isoformat()
    for unit, first, last in spells:
        line = lines.by_counter(first, last, asked.service, {counter}).get(counter)
        if line is not None:
            fresh = running.by_counter(asked.today, asked.service, {counter})
            yield counter, unit, _with(line, fresh.get(counter) if first <= today <= last else None)


def _with(line: Line, fresh: Choices | None) -> Line:
    return line if fresh is None else Line(line.sums, line.told + fresh)


def _running(piece: Piece, asked: Asked, only: Collection[int] | None) -> Mapping[int, Choices]:
    if not piece.holds(asked.today.isoformat()):
        return {}
    return running.by_counter(asked.today, asked.service, only)


def whole(asked: Asked) -> Figures:
    """Return the figures of the branch as a whole."""
    found = NOTHING
    for piece in pieces(asked):
        for unit, line in _leaves(piece, asked):
            found += _figures(line, piece.goals[unit])
    return found


def _leaves(piece: Piece, asked: Asked) -> Iterator[tuple[int, Line]]:
    """Yield what lay right in each unit of a piece."""
    fresh = _fresh_by_unit(piece, asked)
    for unit, line in lines.by_unit(piece.first, piece.last, asked.service).items():
        if piece.has(unit):
            yield unit, _with(line, fresh.get(unit))


def _fresh_by_unit(piece: Piece, asked: Asked) -> dict[int, Choices]:
    by_counter = _running(piece, asked, None)
    found: dict[int, Choices] = defaultdict(Choices)
    if by_counter:
        at = lines.placed(asked.today.isoformat())
        for counter, fresh in by_counter.items():
            found[at[counter]] += fresh
    return found


def by_part(asked: Asked) -> list[tuple[Part, Figures]]:
    """Return the figures of what lies right below the unit, or of the highest units of the scope.

    Units that have had none are among them, those of today first; what lies right in the unit is
    last, if anything does.
    """
    found: dict[int | None, tuple[Part, Figures]] = {}
    for piece in reversed(list(pieces(asked))):
        above = _above(piece, asked)
        for part in {id(one): one for one in above.values()}.values():
            if part is not None:
                found.setdefault(part.id, (part, NOTHING))
        for unit, line in _leaves(piece, asked):
            part = above[unit]
            key = part.id if part is not None else None
            held = found.get(key, (part, NOTHING))
            found[key] = (held[0], held[1] + _figures(line, piece.goals[unit]))
    return sorted(found.values(), key=lambda one: one[0] is None)


def _above(piece: Piece, asked: Asked) -> dict[int, Part]:
    """Return for each unit asked for the part that it belongs to."""
    tree = piece.tree
    found: dict[int, Part] = {}
    if asked.unit is not None:
        found[asked.unit.id] = None
    for part in _parts(piece, asked):
        found |= dict.fromkeys(tree.branch(part.id), part)
    return found


def _parts(piece: Piece, asked: Asked) -> list[Node]:
    if asked.unit is not None:
        return [node for node in piece.tree.children(asked.unit.id) if piece.has(node.id)]
    return [
        node
        for node in piece.tree
        if piece.has(node.id) and (node.parent is None or not piece.has(node.parent))
    ]


def by_day(asked: Asked) -> dict[str, Figures]:
    """Return the figures of the branch by day; a day that is missing told nothing."""
    found: dict[str, Figures] = {}
    today = asked.today.isoformat()
    for piece in pieces(asked):
        fresh = _fresh_by_unit(piece, asked)
        for goal, units, all_of_them in _by_goal(piece):
            among = None if all_of_them else units
            held = lines.unit_days(among, piece.first, piece.last, asked.service)
            for day, line in held.items():
                more = _sum(fresh, units) if day == today else None
                found[day] = found.get(day, NOTHING) + _figures(_with(line, more), goal)
    return found


def _by_goal(piece: Piece) -> Iterator[tuple[Goal, set[int], bool]]:
    by_goal: dict[Goal, set[int]] = defaultdict(set)
    for unit, goal in piece.goals.items():
        if piece.has(unit):
            by_goal[goal].add(unit)
    alone = piece.units is None and len(by_goal) == 1
    yield from ((goal, units, alone) for goal, units in by_goal.items())


def _sum(fresh: Mapping[int, Choices], units: Iterable[int]) -> Choices:
    return sum((fresh[unit] for unit in units if unit in fresh), NONE)


def days_of(counters: Collection[int], asked: Asked) -> dict[tuple[int, str], Figures]:
    """Return the figures of some counters by counter and day, where they lay in the branch."""
    found: dict[tuple[int, str], Figures] = {}
    today = asked.today.isoformat()
    for piece in pieces(asked):
        at, moving = lines.placed(piece.last), lines.moved(piece.first, piece.last)
        now = _running(piece, asked, counters)
        held = lines.counter_days(counters, piece.first, piece.last, asked.service)
        for (counter, day), line in held.items():
            unit = _place(counter, day, at, moving)
            if unit is not None and piece.has(unit):
                fresh = now.get(counter) if day == today else None
                found[counter, day] = _figures(_with(line, fresh), piece.goals[unit])
    return found


def _place(
    counter: int,
    day: str,
    at: Mapping[int, int],
    moving: Mapping[int, list[tuple[int, str, str]]],
) -> int | None:
    spells = moving.get(counter)
    if spells is None:
        return at.get(counter)
    return next((unit for unit, first, last in spells if first <= day <= last), None)


def elsewhere(counter: int, first: str, last: str, scope: Scope) -> list[tuple[str, str]]:
    """Return the spans of days on which a counter lay in units outside of a scope.

    Whoever looks after a counter now sees nothing of the days that its former unit answers for.
    """
    places = lines.places_of(counter, first, last)
    return [(since, until) for unit, since, until in places if not scope.covers(unit)]


def by_service(asked: Asked) -> dict[str, Figures]:
    """Return the figures of the branch by service, in their order; ``""`` is what has none."""
    found = by_service_and_step(asked).items()
    return alphabet.services({service: figures for (service, _), figures in found})


def by_service_and_step(
    asked: Asked, letters: int = 0, counter: int | None = None
) -> dict[tuple[str, str], Figures]:
    """Return the figures of the branch by service and by the first ``letters`` of a day's name.

    Args:
        asked: what is asked for.
        letters: how much of a day's name is a step; of all days there is one.
        counter: only of this one, on the days on which it lay in the branch.
    """
    found: dict[tuple[str, str], Figures] = {}
    today = asked.today.isoformat()[:letters]
    for piece in pieces(asked):
        fresh = _fresh_of_service(piece, asked, None if counter is None else {counter})
        held = lines.by_service(piece.units, piece.first, piece.last, letters, counter)
        for (unit, service, step), line in held.items():
            more = fresh.get((unit, service)) if step == today else None
            figures = _figures(_with(line, more), piece.goals[unit])
            found[service, step] = found.get((service, step), NOTHING) + figures
    return found


def _fresh_of_service(
    piece: Piece, asked: Asked, only: Collection[int] | None
) -> dict[tuple[int, str], Choices]:
    if not piece.holds(asked.today.isoformat()):
        return {}
    at = lines.placed(asked.today.isoformat())
    found: dict[tuple[int, str], Choices] = defaultdict(Choices)
    for counter, service, fresh in lines.running(asked.today.isoformat(), asked.service, only):
        found[at[counter], service] += fresh
    return found


def services_of(counter: int, asked: Asked) -> dict[str, Figures]:
    """Return one counter's figures by service, in their order, of the days it lay in the scope."""
    found: dict[str, Figures] = {}
    for service in lines.services_of(
        counter, asked.period.first.isoformat(), asked.period.last.isoformat()
    ):
        figures = by_counter(replace(asked, service=service), {counter}).get(counter)
        if figures is not None:
            found[service] = figures
    return alphabet.services(found)
