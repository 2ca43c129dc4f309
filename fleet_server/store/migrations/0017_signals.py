"""Signs of cheating: what rules counted by day, signals, and rulings on them.

Days before are not counted; looks begin with the days that change from now on.
"""

from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    CompositeKey,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    TextField,
)


def up(migrator: Any, db: Any) -> None:
    class Unit(Model):
        class Meta:
            database = db
            legacy_table_names = False
            table_name = "unit"

    class Counter(Model):
        class Meta:
            database = db
            legacy_table_names = False
            table_name = "counter"

    class CounterTally(Model):
        counter = ForeignKeyField(Counter, index=False)
        day = TextField(index=True)
        tallies = JSONField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "counter_tally"
            primary_key = CompositeKey("counter", "day")

    class TallyDue(Model):
        counter = ForeignKeyField(Counter, index=False)
        day = TextField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "tally_due"
            primary_key = CompositeKey("counter", "day")

    class Signal(Model):
        id = AutoField()
        counter = ForeignKeyField(Counter, index=False)
        unit = ForeignKeyField(Unit, index=False)
        rule = TextField()
        opened_at = BigIntegerField()
        severity = TextField()
        since = TextField()
        until = TextField()
        hits = IntegerField()
        of = IntegerField()
        honest = DoubleField()
        chance = DoubleField()
        moments = JSONField()
        last_day = TextField()
        verdict = TextField(null=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "signal"
            indexes = ((("counter", "rule", "id"), False), (("unit", "verdict"), False))

    class SignalRuling(Model):
        id = AutoField()
        signal = ForeignKeyField(Signal)
        verdict = TextField()
        by = TextField()
        at = BigIntegerField()
        why = TextField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "signal_ruling"

    db.create_tables([CounterTally, TallyDue, Signal, SignalRuling])
