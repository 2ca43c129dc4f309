"""Days by service, months, days of units, and versioned targets; filled from what is held."""

import sys
from collections import defaultdict
from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

BEGINNING = "0001-01-01"
ENOUGH = 5
COUNTED = (
    "served", "rated", "very_satisfied", "satisfied", "unsatisfied", "unbound", "contested",
    "disputed", "estimated",
)  # fmt: skip
NAMES = (*COUNTED, "told_very", "told_fair", "told_poor")
LIST = ", ".join(NAMES)
SUMS = ", ".join(f"SUM(d.{name})" for name in NAMES)
STEP = 100
"""Counters between two words of progress."""


def up(migrator: Any, db: Any) -> None:
    class Frozen(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Unit(Frozen):
        id = AutoField()

        class Meta:
            table_name = "unit"

    class Counter(Frozen):
        id = AutoField()

        class Meta:
            table_name = "counter"

    class Counted(Frozen):
        served = IntegerField(default=0)
        rated = IntegerField(default=0)
        very_satisfied = IntegerField(default=0)
        satisfied = IntegerField(default=0)
        unsatisfied = IntegerField(default=0)
        unbound = IntegerField(default=0)
        contested = IntegerField(default=0)
        disputed = IntegerField(default=0)
        estimated = IntegerField(default=0)
        told_very = IntegerField(default=0)
        told_fair = IntegerField(default=0)
        told_poor = IntegerField(default=0)

    class Daily(Counted):
        counter = ForeignKeyField(Counter, index=False)
        day = TextField()
        service = TextField()

        class Meta:
            table_name = "daily"
            primary_key = CompositeKey("counter", "day", "service")
            indexes = ((("day", "counter"), False),)

    class Monthly(Counted):
        counter = ForeignKeyField(Counter, index=False)
        month = TextField()
        service = TextField()

        class Meta:
            table_name = "monthly"
            primary_key = CompositeKey("counter", "month", "service")
            indexes = ((("month", "counter"), False),)

    class UnitDaily(Counted):
        unit = ForeignKeyField(Unit, index=False)
        day = TextField()
        service = TextField()

        class Meta:
            table_name = "unit_daily"
            primary_key = CompositeKey("unit", "day", "service")
            indexes = ((("day", "unit"), False),)

    class Target(Frozen):
        id = AutoField()
        unit = ForeignKeyField(Unit, null=True, index=False)
        since_day = TextField()
        participation = IntegerField(null=True)
        satisfaction = IntegerField(null=True)
        scale = IntegerField(default=1)
        set_at = BigIntegerField()
        set_by = TextField()

        class Meta:
            table_name = "target"

    db.create_tables([Daily, Monthly, UnitDaily, Target])
    # Those that fleet.toml begins with; `hailong-fleet migrate` puts in what it says.
    db.execute_sql(
        "INSERT INTO target (since_day, participation, satisfaction, scale, set_at, set_by) "
        f"VALUES ('{BEGINNING}', 40, 80, 1, 0, 'server')"
    )
    fill(db)


def fill(db: Any) -> None:
    """Work the new figures out from hours, visits and ratings, counter by counter."""
    counters = [row[0] for row in ask(db, "SELECT id FROM counter ORDER BY id")]
    for number, counter in enumerate(counters, 1):
        days(db, counter)
        if number % STEP == 0:
            sys.stderr.write(f"figures of days: {number} of {len(counters)} counters\n")
    db.execute_sql(
        f"INSERT INTO monthly (counter_id, month, service, {LIST}) "
        f"SELECT d.counter_id, SUBSTR(d.day, 1, 7), d.service, {SUMS} FROM daily d "
        "GROUP BY d.counter_id, SUBSTR(d.day, 1, 7), d.service"
    )
    db.execute_sql(
        f"INSERT INTO unit_daily (unit_id, day, service, {LIST}) "
        f"SELECT p.unit_id, d.day, d.service, {SUMS} FROM daily d JOIN counter_place p "
        "ON p.counter_id = d.counter_id AND p.since_day <= d.day AND p.until_day > d.day "
        "GROUP BY p.unit_id, d.day, d.service"
    )


def ask(db: Any, text: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run a query and return its rows."""
    return list(db.execute_sql(text.replace("?", db.param), list(values)).fetchall())


VISITS = """
SELECT v.day, v.service, COUNT(*),
  SUM(CASE WHEN v.ended IN ('closed', 'followed') THEN 1 ELSE 0 END),
  SUM(CASE WHEN v.ended IN ('closed', 'followed') AND r.record_id IS NOT NULL THEN 1 ELSE 0 END),
  SUM(CASE WHEN r.choice = 'very_satisfied' THEN 1 ELSE 0 END),
  SUM(CASE WHEN r.choice = 'satisfied' THEN 1 ELSE 0 END),
  SUM(CASE WHEN r.choice = 'unsatisfied' THEN 1 ELSE 0 END),
  SUM(CASE WHEN r.at_quality = 'estimated' THEN 1 ELSE 0 END)
FROM visit v LEFT JOIN rating r ON r.visit = v.id AND r.counter_id = v.counter_id AND r.standing
WHERE v.counter_id = ? AND v.service IS NOT NULL AND v.service <> ''
GROUP BY v.day, v.service
"""
"""Of the services that are known; what is left of a day's hours is of none."""

HOURS = "SELECT day, {} FROM hourly WHERE counter_id = ? GROUP BY day".format(
    ", ".join(f"SUM({name})" for name in COUNTED)
)


def days(db: Any, counter: int) -> None:
    """Fill the days of one counter."""
    lines: dict[tuple[str, str], list[int]] = {}
    rest = {day: [int(n) for n in numbers] for day, *numbers in ask(db, HOURS, counter)}
    for day, service, _visits, served, rated, very, fair, poor, guessed in ask(db, VISITS, counter):
        row = [int(n) for n in (served, rated, very, fair, poor, 0, 0, 0, guessed)]
        lines[day, service] = row
        left = rest.setdefault(day, [0] * len(COUNTED))
        rest[day] = [whole - part for whole, part in zip(left, row, strict=True)]
    bare = {row[0] for row in ask(db, BARE, counter)}
    for day, row in rest.items():
        if any(row) or day in bare or not any(key[0] == day for key in lines):
            lines[day, ""] = row
    put(db, [(counter, *key, *row, *told) for key, row, told in given_out(lines)])


BARE = "SELECT DISTINCT day FROM visit WHERE counter_id = ? AND (service IS NULL OR service = '')"


def given_out(lines: dict[tuple[str, str], list[int]]) -> list[tuple[Any, ...]]:
    """Add what is given out: a service's choices wait in their month until there are five."""
    waiting: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    found: list[tuple[Any, ...]] = []
    for key in sorted(lines):
        day, service = key
        place = (day[:7], service)
        held = [a + b for a, b in zip(waiting[place], lines[key][2:5], strict=True)]
        enough = sum(held) >= ENOUGH
        waiting[place] = [0, 0, 0] if enough else held
        found.append((key, lines[key], held if enough else [0, 0, 0]))
    return found


def put(db: Any, rows: list[tuple[Any, ...]]) -> None:
    """Add rows of days, some hundred in a statement."""
    columns = ("counter_id", "day", "service", *NAMES)
    marks = f"({', '.join([db.param] * len(columns))})"
    for start in range(0, len(rows), 200):
        part = rows[start : start + 200]
        db.execute_sql(
            f"INSERT INTO daily ({', '.join(columns)}) VALUES {', '.join([marks] * len(part))}",
            [value for row in part for value in row],
        )
