"""What people and programs beside the terminals leave behind."""

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    TextField,
)

from fleet_server.store.models.places import Unit
from fleet_server.store.models.table import Table


class Matter(Table):
    """Something that a person should look at, until somebody closes it.

    ``subject`` tells matters of a kind apart, so that the same one is not opened twice.
    """

    id = AutoField()
    kind = TextField()
    subject = TextField()
    terminal = TextField(null=True, index=True)
    chain_id = TextField(null=True)
    seq = BigIntegerField(null=True)
    opened_at = BigIntegerField()
    details = JSONField()
    closed_at = BigIntegerField(null=True)
    closed_by = TextField(null=True)


Matter.add_index(
    Matter.kind, Matter.subject, unique=True, name="matter_open", where=SQL("closed_at IS NULL")
)


class AuditEntry(Table):
    """Who changed or took away what (`fleet_server.core.audit_log`); never changed or deleted.

    ``id`` is given, not counted by the database: numbers follow each other without a gap.
    """

    id = BigIntegerField(primary_key=True)
    at = BigIntegerField(index=True)
    actor = TextField(index=True)
    action = TextField()
    subject = TextField(index=True)
    details = TextField()
    previous = TextField()
    hash = TextField(unique=True)


class Change(Table):
    """What changed, for open pages: ``counter:CODE``, ``terminal:ID``, ``matter:TERMINAL``."""

    id = AutoField()
    subject = TextField()


class Tally(Table):
    """Counts that outlive a process: the figures of ``/metrics``."""

    name = TextField(primary_key=True)
    value = BigIntegerField(default=0)


class ApiKey(Table):
    """A key for the REST interface; only its SHA-256 is held.

    ``scopes`` are written as `fleet_server.core.api_scopes` writes them; ``unit`` is the top of the
    branch that it is for, None the whole fleet; ``created_by`` answers for it: the person or
    command that made it, or who took it over since.
    """

    id = AutoField()
    name = TextField()
    key_sha256 = TextField(unique=True)
    created_at = BigIntegerField()
    revoked_at = BigIntegerField(null=True)
    last_used = BigIntegerField(null=True)
    scopes = TextField(default="")
    unit = ForeignKeyField(Unit, null=True, on_delete="RESTRICT")
    unit_id: int | None
    expires_at = BigIntegerField(null=True)
    created_by = TextField(null=True)


class IdempotencyKey(Table):
    """An ``Idempotency-Key`` that a program sent, and what it was answered."""

    id = AutoField()
    api_key = ForeignKeyField(ApiKey, index=False)
    api_key_id: int
    key_sha256 = TextField()
    request_sha256 = TextField()
    status = IntegerField()
    body = TextField()
    location = TextField(null=True)
    created_at = BigIntegerField(index=True)

    class Meta:
        """A key means one request."""

        indexes = ((("api_key", "key_sha256"), True),)
