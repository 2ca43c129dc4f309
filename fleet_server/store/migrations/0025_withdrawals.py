"""Ratings by other channels that were entered by mistake and withdrawn."""

from typing import Any

from peewee import BigIntegerField, ForeignKeyField, Model, TextField


def up(migrator: Any, db: Any) -> None:
    class UnsignedRating(Model):
        class Meta:
            database = db
            legacy_table_names = False
            table_name = "unsigned_rating"

    class UnsignedWithdrawal(Model):
        rating = ForeignKeyField(UnsignedRating, primary_key=True)
        at = BigIntegerField()
        by = TextField()
        reason = TextField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "unsigned_withdrawal"

    db.create_tables([UnsignedWithdrawal])
