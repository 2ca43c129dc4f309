"""Explanations: cases with their steps and attachments, and terms; complaints and reasons.

What records said before of complaints stays held, and opens no cases: they would all be overdue.
"""

from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
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

    class Record(Model):
        class Meta:
            database = db
            legacy_table_names = False
            table_name = "record"

    class CaseFile(Model):
        id = AutoField()
        key = TextField(unique=True)
        grain = TextField()
        counter = ForeignKeyField(Counter, index=True)
        day = TextField()
        confined = BooleanField()
        unit = ForeignKeyField(Unit, null=True, index=False)
        state = TextField()
        opened_at = BigIntegerField()
        due = BigIntegerField(null=True)
        assignee = IntegerField(null=True)
        late = BooleanField()
        level = IntegerField()
        citizens_side = BooleanField(null=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "case_file"
            indexes = ((("unit", "state", "due"), False),)

    class CaseEvent(Model):
        id = AutoField()
        case = ForeignKeyField(CaseFile, index=False)
        seq = IntegerField()
        at = BigIntegerField()
        who = IntegerField(null=True)
        step = TextField()
        body = JSONField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "case_event"
            indexes = ((("case", "seq"), True),)

    class CaseAttachment(Model):
        id = AutoField()
        case = ForeignKeyField(CaseFile, index=False)
        digest = TextField()
        data = BlobField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "case_attachment"
            indexes = ((("case", "digest"), True),)

    class CaseTerms(Model):
        id = AutoField()
        unit = ForeignKeyField(Unit, null=True, index=False)
        grain = TextField(null=True)
        terms = JSONField(null=True)
        set_at = BigIntegerField()
        set_by = TextField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "case_terms"

    class Complaint(Model):
        record = ForeignKeyField(Record, primary_key=True)
        counter = ForeignKeyField(Counter, index=False)
        at = BigIntegerField()
        items = TextField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "complaint"
            indexes = ((("counter", "at"), False),)

    class RatingReason(Model):
        record = ForeignKeyField(Record, primary_key=True)
        chain = TextField()
        rating = BigIntegerField()
        items = TextField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "rating_reason"
            indexes = ((("chain", "rating"), False),)

    db.create_tables([CaseFile, CaseEvent, CaseAttachment, CaseTerms, Complaint, RatingReason])
