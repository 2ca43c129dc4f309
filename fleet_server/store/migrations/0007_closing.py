"""Units and counters can close, places say who put things there, and lists wait to be imported."""

from typing import Any

from peewee import AutoField, BigIntegerField, BlobField, Model, TextField


def up(migrator: Any, db: Any) -> None:
    class ImportDraft(Model):
        id = AutoField()
        token = TextField(unique=True)
        actor = TextField(index=True)
        name = TextField()
        sha256 = TextField()
        content = BlobField()
        expires_at = BigIntegerField(index=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "import_draft"

    db.create_tables([ImportDraft])
    migrator.migrate(
        migrator.add_column("unit", "closed_day", TextField(null=True)),
        migrator.add_column("counter", "closed_day", TextField(null=True)),
        migrator.add_column("unit_place", "actor", TextField(default="")),
        migrator.add_column("counter_place", "actor", TextField(default="")),
        migrator.add_column("terminal", "retired_reason", TextField(default="")),
    )
