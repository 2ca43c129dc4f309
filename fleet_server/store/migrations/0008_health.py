"""Opening hours, how terminals were, and who gave a command."""

from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    TextField,
)


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

    class Terminal(Frozen):
        id = TextField(primary_key=True)

        class Meta:
            table_name = "terminal"

    class OpeningPlan(Frozen):
        id = AutoField()
        unit = ForeignKeyField(Unit, null=True, unique=True)
        counter = ForeignKeyField(Counter, null=True, unique=True)
        version = IntegerField(default=1)

        class Meta:
            table_name = "opening_plan"

    class OpeningWeek(Frozen):
        id = AutoField()
        plan = ForeignKeyField(OpeningPlan, index=False)
        since_day = TextField()
        week = JSONField(null=True)

        class Meta:
            table_name = "opening_week"
            indexes = ((("plan", "since_day"), True),)

    class SpecialDay(Frozen):
        id = AutoField()
        plan = ForeignKeyField(OpeningPlan, index=False)
        day = TextField()
        name = TextField()
        spans = JSONField()

        class Meta:
            table_name = "special_day"
            indexes = ((("plan", "day"), True),)

    class DeafSpan(Frozen):
        id = AutoField()
        since = BigIntegerField()
        until = BigIntegerField(index=True)

        class Meta:
            table_name = "deaf_span"

    class TerminalSpan(Frozen):
        id = AutoField()
        terminal = ForeignKeyField(Terminal, index=False)
        kind = TextField()
        since = BigIntegerField()
        until = BigIntegerField(null=True)

        class Meta:
            table_name = "terminal_span"
            indexes = ((("terminal", "since"), False),)

    class TerminalEvent(Frozen):
        id = AutoField()
        terminal = ForeignKeyField(Terminal, index=False)
        at = BigIntegerField()
        kind = TextField()
        details = JSONField()

        class Meta:
            table_name = "terminal_event"
            indexes = ((("terminal", "at"), False),)

    class TerminalDay(Frozen):
        terminal = ForeignKeyField(Terminal, index=False)
        day = TextField()
        waiting = IntegerField()
        waited_ms = BigIntegerField()

        class Meta:
            table_name = "terminal_day"
            primary_key = CompositeKey("terminal", "day")

    class ButtonSilence(Frozen):
        counter = ForeignKeyField(Counter, index=False)
        choice = TextField()
        served = IntegerField()
        most = IntegerField()
        since = BigIntegerField(null=True)

        class Meta:
            table_name = "button_silence"
            primary_key = CompositeKey("counter", "choice")

    db.create_tables(
        [
            OpeningPlan, OpeningWeek, SpecialDay,
            DeafSpan, TerminalSpan, TerminalEvent, TerminalDay, ButtonSilence,
        ]
    )  # fmt: skip
    migrator.migrate(migrator.add_column("command", "actor", TextField(default="")))
