"""Counts what stands beside the signed figures of a report a second way: plain SQL, none of ours.

What cases are is worked out from their steps alone; what may be told of answers and of ratings by
other channels, from the words of their rules: whatever waits is given out as soon as there are
five; of answers, of each who asked some of them, also five that others asked. The days are those of
a quarter that is not over, from a month's first on; of interviews the whole quarter is told.
"""

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STEPS = "SELECT case_id, step, at, body FROM case_event ORDER BY case_id, seq"
SHEETS = """
SELECT l.counter_id, l.unit_id, s.who, s.answers FROM interview_sheet s
JOIN draw_line l ON l.id = s.line_id
WHERE s.outcome = 'done' AND l.visit IS NOT NULL AND s.day BETWEEN ? AND ? ORDER BY s.id
"""
UNSIGNED = """
SELECT unit_id, counter_id, way, taken, SUM(stood = 1 AND choice = 'very_satisfied'),
    SUM(stood = 1 AND choice = 'satisfied'), SUM(stood = 1 AND choice = 'unsatisfied'), COUNT(*)
FROM unsigned_rating WHERE taken BETWEEN ? AND ?
AND id NOT IN (SELECT rating_id FROM unsigned_withdrawal) GROUP BY 1, 2, 3, 4 ORDER BY 4
"""
CHOICES = ("very_satisfied", "satisfied", "unsatisfied")

Line = list[int]


@dataclass(slots=True)
class Beside:
    """What was counted, each by the unit; of ratings and answers by channel and question, too."""

    cases: dict[int, Line] = field(default_factory=lambda: defaultdict(lambda: [0] * 7))
    others: dict[int, dict[str, Line]] = field(default_factory=lambda: defaultdict(dict))
    answers: dict[int, dict[str, Line]] = field(default_factory=lambda: defaultdict(dict))


def count(database: Path, first: str, last: str, now: int) -> Beside:
    """Return what a report on some days has to say at a moment, in Unix milliseconds."""
    found = Beside()
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as held:
        _cases(held.execute(STEPS), first, last, now, found)
        _others(held.execute(UNSIGNED, (first, last)), found)
        _answers(held.execute(SHEETS, (first[:5] + "10-01", first[:5] + "12-31")), found)
    return found


def _cases(rows: Any, first: str, last: str, now: int, found: Beside) -> None:
    """Count: to be explained, overdue, to be judged, closed, late, withdrawn, ruled."""
    cases: dict[int, dict[str, Any]] = defaultdict(lambda: {"late": False, "ruled": False})
    for number, step, at, text in rows:
        _follow(cases[number], step, at, json.loads(text))
    for case in cases.values():
        if first <= case["day"] <= last:
            line = found.cases[case["unit"]]
            line[:] = map(sum, zip(line, _counted(case, now), strict=True))


def _follow(case: dict[str, Any], step: str, at: int, body: dict[str, Any]) -> None:
    """Let a step change what is known of its case."""
    if step == "open":
        case |= {"unit": body["subject"]["unit"], "day": body["subject"]["day"]}
    elif step == "rehome":
        case["unit"] = body["unit"]
    elif step == "answer":
        case["late"] |= at >= case["due"]
    elif step == "rule":
        case["ruled"] = body["citizens_side"]
    if step in ("open", "return", "answer", "close", "withdraw"):
        case["state"] = step
    case["due"] = body.get("due", case.get("due"))


def _counted(case: dict[str, Any], now: int) -> tuple[bool, ...]:
    gone, state = case["state"] == "withdraw", case["state"]
    waits = state in ("open", "return")
    return (
        waits, waits and case["due"] <= now, state == "answer", state == "close",
        case["late"] and not gone, gone, case["ruled"] and not gone,
    )  # fmt: skip


def _others(rows: Any, found: Beside) -> None:
    """Count what came by each channel, and the choices that may be told."""
    waiting: dict[tuple[object, ...], Line] = defaultdict(lambda: [0] * 3)
    for unit, counter, way, day, *chosen, came in rows:
        line = found.others[unit].setdefault(way, [0] * 4)
        line[0] += came
        line[1:] = _give_out(waiting[unit, counter, way, day[:7]], chosen, line[1:])


def _answers(rows: Any, found: Beside) -> None:
    """Count the answers that may be told of counters."""
    waiting: dict[tuple[object, ...], list[tuple[int, str]]] = defaultdict(list)
    for counter, unit, who, text in rows:
        for question, answer in json.loads(text).items():
            line = found.answers[unit].setdefault(question, [0] * 3)
            held = waiting[counter, unit, question]
            held += [(who, answer)] if answer in CHOICES else []
            if _is_told([who for who, _ in held]):
                said = [sum(one == choice for _, one in held) for choice in CHOICES]
                line[:] = map(sum, zip(line, said, strict=True))
                held.clear()


def _is_told(askers: list[int]) -> bool:
    if len(askers) < 5:
        return False
    return not any(0 < len(askers) - askers.count(one) < 5 for one in askers)


def _give_out(waiting: Line, more: Line, told: Line) -> Line:
    """Return what is told after more came: all that waits, once it is five."""
    waiting[:] = map(sum, zip(waiting, more, strict=True))
    if sum(waiting) < 5:
        return told
    told = [held + one for held, one in zip(told, waiting, strict=True)]
    waiting[:] = [0] * 3
    return told
