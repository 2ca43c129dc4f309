"""Commands get rows of their own, kept as history; keys can be replaced by newer ones."""

from typing import Any

from peewee import SQL, AutoField, BigIntegerField, IntegerField, JSONField, Model, TextField


def up(migrator: Any, db: Any) -> None:
    class Command(Model):
        id = AutoField()
        dev = TextField()
        name = TextField()
        arguments = JSONField()
        ttl_s = IntegerField()
        wished_at = BigIntegerField()
        n = BigIntegerField(null=True)
        token = TextField(null=True)
        published_at = BigIntegerField(null=True)
        answered_at = BigIntegerField(null=True)
        outcome = TextField(null=True)
        details = TextField(null=True)

        class Meta:
            database = db
            table_name = "command"
            legacy_table_names = False
            indexes = ((("dev", "n"), True),)

    Command.add_index(
        Command.id,
        name="command_due",
        where=SQL("published_at IS NULL AND outcome IS NULL"),
    )
    db.create_tables([Command])
    # A command that was wished for and not sent before the update would come as a surprise now.
    db.execute_sql("DELETE FROM downlink WHERE kind = 'command'")
    column = BigIntegerField(null=True)
    migrator.migrate(migrator.add_column("terminal_key", "replaced_at", column))
