"""How often a report that waits was begun, and when last."""

from typing import Any

from peewee import BigIntegerField, IntegerField


def up(migrator: Any, _db: Any) -> None:
    migrator.migrate(
        migrator.add_column("kept_report", "tries", IntegerField(default=0)),
        migrator.add_column("kept_report", "tried_at", BigIntegerField(null=True)),
    )
