"""Counts what a report says a second way: from visits and ratings, by plain SQL and none of ours.

The choices that may be told are worked out from the rule's words: of a counter and a service, day
after day of a month, whatever waits is given out as soon as there are five.
"""

import sqlite3
from collections import defaultdict
from pathlib import Path

SERVED = """
SELECT v.counter_id, v.day, COUNT(*), SUM(EXISTS (
    SELECT 1 FROM rating r WHERE r.visit = v.id AND r.standing))
FROM visit v WHERE v.served_at IS NOT NULL AND v.day BETWEEN ? AND ? GROUP BY 1, 2
"""
CHOSEN = """
SELECT r.counter_id, COALESCE(v.day, DATE(r.at / 1000, 'unixepoch', '+7 hours')) AS d,
    COALESCE(v.service, ''), SUM(r.choice = 'very_satisfied'), SUM(r.choice = 'satisfied'),
    SUM(r.choice = 'unsatisfied')
FROM rating r LEFT JOIN visit v ON v.id = r.visit
WHERE r.standing AND d BETWEEN ? AND ? GROUP BY 1, 2, 3 ORDER BY 2
"""

Counted = dict[int, list[int]]
"""By counter: served, rated, and the choices that may be told, the best first."""


def count(database: Path, first: str, last: str) -> Counted:
    """Return the figures of each counter between two days, of whole months alone."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as held:
        found: Counted = defaultdict(lambda: [0] * 5)
        for counter, _day, served, rated in held.execute(SERVED, (first, last)):
            found[counter][0] += served
            found[counter][1] += rated
        waiting: dict[tuple[int, str, str], list[int]] = defaultdict(lambda: [0] * 3)
        for counter, day, service, *chosen in held.execute(CHOSEN, (first, last)):
            block = waiting[counter, service, day[:7]]
            block[:] = map(sum, zip(block, chosen, strict=True))
            if sum(block) >= 5:
                found[counter][2:] = map(sum, zip(found[counter][2:], block, strict=True))
                block[:] = [0] * 3
        return dict(found)
