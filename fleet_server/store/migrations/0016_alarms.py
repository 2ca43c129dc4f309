"""Alarms, their rules, letters to people and chat rooms, and the blocks of the running day."""

from typing import Any

from peewee import (
    SQL,
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

    class AlarmRow(Model):
        id = AutoField()
        kind = TextField()
        subject = TextField()
        unit = ForeignKeyField(Unit, null=True, index=False)
        raised_at = BigIntegerField()
        heard_at = BigIntegerField()
        stages = IntegerField()
        details = JSONField()
        acknowledged_at = BigIntegerField(null=True)
        acknowledged_by = TextField(null=True)
        ended_at = BigIntegerField(null=True, index=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "alarm"

    AlarmRow.add_index(
        AlarmRow.kind,
        AlarmRow.subject,
        unique=True,
        name="alarm_raised",
        where=SQL("ended_at IS NULL"),
    )

    class AlarmRule(Model):
        id = AutoField()
        unit = ForeignKeyField(Unit, null=True, index=False)
        kind = TextField()
        says = TextField()
        rule = JSONField(null=True)
        set_at = BigIntegerField()
        set_by = TextField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "alarm_rule"

    class Letter(Model):
        id = AutoField()
        key = TextField(unique=True)
        person = IntegerField(null=True)
        room = TextField(null=True)
        kind = TextField()
        what = TextField()
        details = JSONField()
        path = TextField()
        made_at = BigIntegerField()
        state = TextField(default="waiting")
        since = BigIntegerField()
        attempts = IntegerField(default=0)
        next_at = BigIntegerField()
        tried_at = BigIntegerField(null=True)
        reply = IntegerField(null=True)
        trouble = TextField(null=True)
        error = TextField(null=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "letter"

    Letter.add_index(Letter.next_at, name="letter_due", where=SQL("state = 'waiting'"))

    class ChatRoom(Model):
        name = TextField(primary_key=True)
        unit = ForeignKeyField(Unit, null=True, index=False)
        service = TextField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "chat_room"

    class RunningBlock(Model):
        counter = ForeignKeyField(Counter, index=False)
        day = TextField()
        service = TextField()
        at = BigIntegerField()
        very = IntegerField()
        fair = IntegerField()
        poor = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "running_block"
            primary_key = CompositeKey("counter", "day", "service", "at")

    db.create_tables([AlarmRow, AlarmRule, Letter, ChatRoom, RunningBlock])
