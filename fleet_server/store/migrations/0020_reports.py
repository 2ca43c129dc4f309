"""Reports: versions of the template of documents and of the scale of index scores, and entries."""

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

    db.create_tables([ReportTemplate, ScoreScale, ScoreEntry])
