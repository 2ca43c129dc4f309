"""Readers of scheduled reports, and which schedule a report was ordered by."""

from typing import Any

from peewee import AutoField, ForeignKeyField, IntegerField, Model


def up(migrator: Any, db: Any) -> None:
    class ReportSchedule(Model):
        class Meta:
            database = db
            legacy_table_names = False
            table_name = "report_schedule"

    class ReportReader(Model):
        id = AutoField()
        schedule = ForeignKeyField(ReportSchedule, index=False)
        person = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "report_reader"
            indexes = ((("schedule", "person"), True),)

    db.create_tables([ReportReader])
    migrator.migrate(migrator.add_column("kept_report", "schedule", IntegerField(null=True)))
