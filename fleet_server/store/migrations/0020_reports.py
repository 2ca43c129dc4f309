"""Reports: versions of their template and of the scale of index scores; entries; kept ones."""

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
    class Unit(Model):
        class Meta:
            database = db
            legacy_table_names = False
            table_name = "unit"

    class ReportTemplate(Model):
        id = AutoField()
        name = TextField()
        digest = TextField(null=True)
        data = BlobField(null=True)
        set_at = BigIntegerField()
        set_by = TextField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "report_template"

    class ScoreScale(Model):
        id = AutoField()
        since_day = TextField()
        body = JSONField()
        set_at = BigIntegerField()
        set_by = TextField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "score_scale"

    class ScoreEntry(Model):
        id = AutoField()
        unit = ForeignKeyField(Unit, null=True, index=False)
        period = TextField()
        key = TextField()
        two = IntegerField()
        one = IntegerField()
        none = IntegerField()
        reason = TextField()
        entered_at = BigIntegerField()
        entered_by = TextField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "score_entry"
            indexes = ((("period", "unit"), False),)

    class KeptReport(Model):
        id = AutoField()
        unit = ForeignKeyField(Unit, null=True, index=False)
        period = TextField()
        formats = TextField()
        language = TextField()
        state = TextField()
        done = IntegerField(default=0)
        steps = IntegerField()
        ordered_at = BigIntegerField(index=True)
        ordered_by = TextField()
        made_at = BigIntegerField(null=True)
        digest = TextField(default="")

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "kept_report"

    class KeptFile(Model):
        id = AutoField()
        report = ForeignKeyField(KeptReport, index=False, on_delete="CASCADE")
        format = TextField()
        digest = TextField()
        data = BlobField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "kept_file"
            indexes = ((("report", "format"), True),)

    class ReportSchedule(Model):
        id = AutoField()
        unit = ForeignKeyField(Unit, null=True, index=False)
        every = TextField()
        day = IntegerField()
        formats = TextField()
        language = TextField()
        told_until = TextField()
        set_at = BigIntegerField()
        set_by = TextField()
        ended_at = BigIntegerField(null=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "report_schedule"

    db.create_tables([ReportTemplate, ScoreScale, ScoreEntry, KeptReport, KeptFile, ReportSchedule])
