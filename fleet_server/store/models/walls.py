"""The links that open a wall screen."""

from peewee import AutoField, BigIntegerField, ForeignKeyField, TextField

from fleet_server.store.models.places import Unit
from fleet_server.store.models.table import Table


class WallLink(Table):
    """A link that shows one wall screen to whoever has it, until it ends.

    Of its token only the hash is kept. ``unit``: the branch that is shown, None for everything.
    ``created_by`` answers for it: who made it, or took it over since.
    """

    id = AutoField()
    name = TextField()
    token_sha256 = TextField(unique=True)
    unit = ForeignKeyField(Unit, null=True, index=False)
    created_at = BigIntegerField()
    created_by = TextField()
    expires_at = BigIntegerField()
    ended_at = BigIntegerField(null=True)
