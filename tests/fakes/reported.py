"""Counts what a report says a second way: from visits and ratings, by plain SQL and none of ours.

The choices that may be told are worked out from the rule's words: of a counter and a service, day
after day of a month, whatever waits is given out as soon as there are five.
"""

import sqlite3
from collections import defaultdict
from pathlib import Path

SERVED = """
SELECT v.counter_id, p.unit_id, COUNT(*), SUM(EXISTS (
    SELECT 1 FROM rating r WHERE r.visit = v.id AND r.standing))
FROM visit v JOIN counter_place p
ON p.counter_id = v.counter_id AND p.since_day <= v.day AND p.until_day > v.day
WHERE v.served_at IS NOT NULL AND v.day BETWEEN ? AND ? GROUP BY 1, 2
"""
CHOSEN = """
SELECT r.counter_id, COALESCE(v.day, DATE(r.at / 1000, 'unixepoch', '+7 hours')) AS d,
    COALESCE(v.service, ''), SUM(r.choice = 'very_satisfied'), SUM(r.choice = 'satisfied'),
    SUM(r.choice = 'unsatisfied')
FROM rating r LEFT JOIN visit v ON v.id = r.visit
WHERE r.standing AND d BETWEEN ? AND ? GROUP BY 1, 2, 3 ORDER BY 2
"""
PLACE = """
SELECT unit_id FROM counter_place WHERE counter_id = ? AND since_day <= ? AND until_day > ?
"""

Counted = dict[tuple[int, int], list[int]]
"""By counter and the unit where it lay: served, rated, and the choices that may be told."""


def count(database: Path, first: str, last: str) -> Counted:
    """Return the figures of each counter between two days; the first is that of a month."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as held:
        found: Counted = defaultdict(lambda: [0] * 5)
        for counter, unit, served, rated in held.execute(SERVED, (first, last)):
            found[counter, unit][:2] = served, rated
        waiting: dict[tuple[int, str, str], list[int]] = defaultdict(lambda: [0] * 3)
        for counter, day, service, *chosen in held.execute(CHOSEN, (first, last)).fetchall():
            block = waiting[counter, service, day[:7]]
            block[:] = map(sum, zip(block, chosen, strict=True))
            if sum(block) >= 5:
                [(unit,)] = held.execute(PLACE, (counter, day, day))
                row = found[counter, unit]
                row[2:] = map(sum, zip(row[2:], block, strict=True))
                block[:] = [0] * 3
        return dict(found)
