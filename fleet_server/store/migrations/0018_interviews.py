"""Interviews of citizens: contact data, who looked; draws, who was drawn; what came of asking."""

from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    BlobField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    TextField,
)


def up(migrator: Any, db: Any) -> None:
    class Visit(Model):
        id = TextField(primary_key=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "visit"

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

    class Contact(Model):
        visit = ForeignKeyField(Visit, primary_key=True)
        citizen = TextField(null=True, index=True)
        sealed = BlobField(null=True)
        taken = TextField()
        days = IntegerField()
        purpose = TextField()
        consent_at = BigIntegerField()
        taken_by = TextField()
        withdrawn = TextField(null=True)
        interviewed = TextField(null=True)
        until = TextField(index=True)
        ended = TextField(null=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "contact"

    class ContactLook(Model):
        id = AutoField()
        at = BigIntegerField()
        actor = TextField()
        visit = TextField()
        purpose = TextField()
        why = TextField()
        refused = TextField(null=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "contact_look"

    class WeeklyDraw(Model):
        id = AutoField()
        week = TextField(unique=True)
        day = TextField()
        first_day = TextField()
        last_day = TextField()
        wanted = IntegerField()
        witness = TextField()
        listed = TextField()
        hash = TextField()
        tickets = IntegerField()
        left_out = JSONField()
        sealed_at = BigIntegerField()
        due = TextField()
        state = TextField()
        heads = TextField(default="")
        witnessed = TextField(default="")
        seed = TextField(null=True)
        drawn_at = BigIntegerField(null=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "weekly_draw"

    class DrawLine(Model):
        id = AutoField()
        draw = ForeignKeyField(WeeklyDraw, index=False)
        name = TextField()
        listed = TextField()
        visit = TextField(null=True)
        counter = ForeignKeyField(Counter, null=True, index=False)
        unit = ForeignKeyField(Unit, null=True, index=False)
        citizen = TextField(null=True)
        replaces = ForeignKeyField("self", null=True, index=False)
        interviewer = IntegerField(null=True)
        at = BigIntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "draw_line"
            indexes = ((("draw", "name"), True),)

    class SheetTry(Model):
        id = AutoField()
        line = ForeignKeyField(DrawLine)
        day = TextField()
        at = BigIntegerField()
        who = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "sheet_try"

    class InterviewSheet(Model):
        id = AutoField()
        line = ForeignKeyField(DrawLine, unique=True)
        day = TextField(index=True)
        outcome = TextField()
        answers = JSONField()
        at = BigIntegerField()
        who = IntegerField(null=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "interview_sheet"

    db.create_tables([Contact, ContactLook, WeeklyDraw, DrawLine, SheetTry, InterviewSheet])
