"""Links that open a wall screen without anybody's session."""

from typing import Any

from peewee import AutoField, BigIntegerField, ForeignKeyField, Model, TextField


def up(migrator: Any, db: Any) -> None:
    class Unit(Model):
        class Meta:
            database = db
            legacy_table_names = False
            table_name = "unit"

    class WallLink(Model):
        id = AutoField()
        name = TextField()
        token_sha256 = TextField(unique=True)
        unit = ForeignKeyField(Unit, null=True, index=False)
        created_at = BigIntegerField()
        created_by = TextField()
        expires_at = BigIntegerField()
        ended_at = BigIntegerField(null=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "wall_link"

    db.create_tables([WallLink])
