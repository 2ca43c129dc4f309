"""Images for terminals: bundles, and rollouts in rings."""

from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    TextField,
)


def up(migrator: Any, db: Any) -> None:
    class Unit(Model):
        class Meta:
            database = db
            legacy_table_names = False
            table_name = "unit"

    class Terminal(Model):
        id = TextField(primary_key=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "terminal"

    class UpdateBundle(Model):
        sha256 = TextField(primary_key=True)
        version = TextField()
        size = BigIntegerField()
        added_at = BigIntegerField()
        added_by = TextField()
        removed_at = BigIntegerField(null=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "update_bundle"

    class Rollout(Model):
        id = AutoField()
        bundle = ForeignKeyField(UpdateBundle, index=True)
        unit = ForeignKeyField(Unit, null=True, index=False)
        state = TextField()
        ring = IntegerField()
        rings = IntegerField()
        automatic = BooleanField()
        soak_ms = BigIntegerField()
        ring_at = BigIntegerField()
        begun_at = BigIntegerField()
        begun_by = TextField()
        ended_at = BigIntegerField(null=True)
        reason = JSONField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "rollout"

    class RolloutTerminal(Model):
        rollout = ForeignKeyField(Rollout, index=False)
        terminal = ForeignKeyField(Terminal, index=True)
        ring = IntegerField()
        state = TextField()
        stage = TextField(default="")
        reason = TextField(default="")
        command = IntegerField(null=True)
        asked_at = BigIntegerField(null=True)
        changed_at = BigIntegerField()
        was_ill = BooleanField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "rollout_terminal"
            primary_key = CompositeKey("rollout", "terminal")

    db.create_tables([UpdateBundle, Rollout, RolloutTerminal])
