"""What terminals should hear: the newest wish of each topic, and commands as history."""

from peewee import SQL, AutoField, BigIntegerField, IntegerField, JSONField, TextField

from fleet_server.store.models.table import Table


class Downlink(Table):
    """What a terminal should hear: wanted by the web process, signed and published by ingest.

    ``changed`` grows with each wish; ``signed`` is the wish that ``token``, with number ``n``,
    stands for; ``published`` the last one given to the broker; ``acked`` the number that the
    terminal answered.
    """

    id = AutoField()
    topic = TextField(unique=True)
    kind = TextField()
    dev = TextField(index=True)
    body = JSONField()
    changed = BigIntegerField(default=1)
    signed = BigIntegerField(default=0)
    published = BigIntegerField(default=0)
    n = BigIntegerField(default=0)
    token = TextField(null=True)
    acked = BigIntegerField(null=True)
    answer = JSONField(null=True)


Downlink.add_index(Downlink.id, name="downlink_due", where=SQL("changed > published"))


class Command(Table):
    """A command for a terminal and what became of it, as history.

    ``n`` and ``token`` once it is signed, ``published_at`` once the broker has it, ``outcome`` and
    ``details`` once somebody knows; ``actor`` gave it. Times in Unix milliseconds.
    """

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
    actor = TextField(default="")

    class Meta:
        """A number names one command; and the history of a terminal."""

        indexes = ((("dev", "n"), True),)


Command.add_index(
    Command.id, name="command_due", where=SQL("published_at IS NULL AND outcome IS NULL")
)
