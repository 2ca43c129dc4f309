"""What is told of the running day beyond what roll-ups tell of it.

Roll-ups tell choices in blocks of the month, pages those of today as it runs
(`fleet_server.core.choices`, rule 5). A page asks for it many times: for all counters it is read
once for each answer.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from flask import g

from fleet_server.core.choices import Choices
from fleet_server.store.pages import lines


def by_counter(
    today: date, service: str | None, among: Collection[int] | None
) -> Mapping[int, Choices]:
    """Return by counter what is told of today beyond what roll-ups tell of it.

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
    for counter, _service, fresh in lines.running(today.isoformat(), service, among):
        found[counter] += fresh
    return found
