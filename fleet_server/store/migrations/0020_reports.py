"""Reports: versions of the template of documents."""

from typing import Any

from peewee import AutoField, BigIntegerField, BlobField, Model, TextField


def up(migrator: Any, db: Any) -> None:
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

    db.create_tables([ReportTemplate])
