"""Parked records are taken up in parts, and those that could not be counted not again at once."""

from typing import Any

from peewee import BigIntegerField


def up(migrator: Any, db: Any) -> None:
    migrator.migrate(
        migrator.add_column("parked_record", "again_at", BigIntegerField(default=0)),
        migrator.drop_index("parked_record", "parked_record_terminal_counter_code"),
        migrator.add_index(
            "parked_record", ("terminal", "counter_code", "again_at", "record_id"), False
        ),
    )
