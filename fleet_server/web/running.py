"""What is told of the running day, and how much of it roll-ups do not hold as told.

Roll-ups tell choices in blocks of the month, pages those of today in the batches of `shares`. A
page asks for it many times: for all counters it is worked out once for each answer.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from flask import g

from fleet_server.core.choices import NONE, Choices
from fleet_server.store.pages import lines
from fleet_server.web.services import services


def by_counter(
    today: date, service: str | None, among: Collection[int] | None
) -> Mapping[int, Choices]:
    """Return by counter what is told of today beyond what roll-ups hold as told of it.

    Args:
        today: the running day.
        service: of which service, or None for all.
        among: only these counters; None for all.
    """
    if among is not None and len(among) <= lines.FEW_COUNTERS:
        return _sums(today, service, among)
    kept: dict[tuple[date, str | None], Mapping[int, Choices]] = g.setdefault("running", {})
    if (today, service) not in kept:
        kept[today, service] = _sums(today, service, None)
    whole = kept[today, service]
    return whole if among is None else {one: whole[one] for one in among if one in whole}


def _sums(today: date, service: str | None, among: Collection[int] | None) -> Mapping[int, Choices]:
    found: dict[int, Choices] = defaultdict(Choices)
    for counter, _service, fresh in by_service(today, service, among):
        found[counter] += fresh
    return found


def by_service(
    today: date, service: str | None = None, among: Collection[int] | None = None
) -> Iterator[tuple[int, str, Choices]]:
    """Yield counter, service, and what is told of today beyond what roll-ups hold as told."""
    release = services().shares.release
    for counter, name, made, told in lines.choices_on(today.isoformat(), service, among):
        given = release(counter, today.isoformat(), Choices(*made), name)
        very, fair, poor = told
        yield (
            counter,
            name,
            Choices(given.very_satisfied - very, given.satisfied - fair, given.unsatisfied - poor),
        )


def told(counter: int, day: date, today: date) -> Choices | None:
    """Return what is given out of a counter's running day; None of a day that is over."""
    if day != today:
        return None
    name, release = day.isoformat(), services().shares.release
    held = lines.choices_on(name, None, {counter})
    return sum((release(counter, name, Choices(*made), of) for _, of, made, _ in held), NONE)
