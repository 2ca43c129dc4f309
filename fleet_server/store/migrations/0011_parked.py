"""Parked records say whose they are, so that what waits in vain for ever is not read through."""

from typing import Any

from peewee import TextField


def up(migrator: Any, db: Any) -> None:
    migrator.migrate(migrator.add_column("parked_record", "terminal", TextField(null=True)))
    db.execute_sql(
        "UPDATE parked_record SET terminal = (SELECT c.terminal_id FROM record r "
        "JOIN chain c ON c.id = r.chain_id WHERE r.id = parked_record.record_id)"
    )
    migrator.migrate(
        migrator.add_not_null("parked_record", "terminal"),
        migrator.drop_index("parked_record", "parked_record_counter_code"),
        migrator.add_index("parked_record", ("terminal", "counter_code"), False),
    )
    # Hours are told no more.
    db.execute_sql("DELETE FROM tally WHERE name = 'webhook_hours_told'")
