"""Words of the queue system that came when the visit's day was over; those held so far did not."""

from typing import Any

from peewee import BooleanField


def up(migrator: Any, db: Any) -> None:
    column = BooleanField(default=False)
    migrator.migrate(migrator.add_column("ticket_event", "late", column))
