"""Ratings that no terminal signed, and units with public figures."""

from typing import Any

from peewee import AutoField, BigIntegerField, BooleanField, ForeignKeyField, Model, TextField


def up(migrator: Any, db: Any) -> None:
    class Unit(Model):
        class Meta:
            database = db
            legacy_table_names = False
            table_name = "unit"

    class Counter(Model):
        class Meta:
            database = db
            legacy_table_names = False
            table_name = "counter"

    class UnsignedRating(Model):
        id = AutoField()
        way = TextField()
        choice = TextField()
        at = BigIntegerField()
        taken = TextField()
        day = TextField()
        unit = ForeignKeyField(Unit, index=False)
        counter = ForeignKeyField(Counter, null=True, index=False)
        ticket = TextField(null=True)
        visit = TextField(null=True, index=True)
        entered_by = TextField()
        stood = BooleanField(null=True, index=True)
        file = TextField(null=True, index=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "unsigned_rating"
            indexes = ((("unit", "taken"), False), (("counter", "taken"), False))

    class PublicUnit(Model):
        unit = ForeignKeyField(Unit, primary_key=True)
        since = BigIntegerField()
        set_by = TextField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "public_unit"

    db.create_tables([UnsignedRating, PublicUnit])
