"""Interviews of citizens who were drawn: contact data, and who looked at it."""

from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    BlobField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


def up(migrator: Any, db: Any) -> None:
    class Visit(Model):
        id = TextField(primary_key=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "visit"

    class Contact(Model):
        visit = ForeignKeyField(Visit, primary_key=True)
        citizen = TextField(null=True, index=True)
        sealed = BlobField(null=True)
        taken = TextField()
        days = IntegerField()
        purpose = TextField()
        consent_at = BigIntegerField()
        taken_by = TextField()
        withdrawn = TextField(null=True)
        interviewed = TextField(null=True)
        until = TextField(index=True)
        ended = TextField(null=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "contact"

    class ContactLook(Model):
        id = AutoField()
        at = BigIntegerField()
        actor = TextField()
        visit = TextField()
        purpose = TextField()
        why = TextField()
        refused = TextField(null=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "contact_look"

    db.create_tables([Contact, ContactLook])
