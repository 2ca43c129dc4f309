"""Lists of units, counters and terminals on their way in."""

from peewee import AutoField, BigIntegerField, BlobField, TextField

from fleet_server.store.models.table import Table


class ImportDraft(Table):
    """A list that somebody sent and has yet to confirm; ``expires_at`` as Unix milliseconds."""

    id = AutoField()
    token = TextField(unique=True)
    actor = TextField(index=True)
    name = TextField()
    sha256 = TextField()
    content = BlobField()
    expires_at = BigIntegerField(index=True)
