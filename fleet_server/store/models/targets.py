"""What participation and satisfaction should be."""

from peewee import AutoField, BigIntegerField, ForeignKeyField, IntegerField, TextField

from fleet_server.store.models.places import Unit
from fleet_server.store.models.table import Table


class Target(Table):
    """A version of the targets of the whole fleet (no unit) or of a unit and all below it.

    Rows are added and never changed: the newest row of a day is the one that holds from it on, and
    both shares empty (of a unit only) give it back to the wider target. ``scale`` is the version of
    the rating scale that satisfaction is measured on (`fleet_server.core.targets.SCALES`).
    """

    id = AutoField()
    unit = ForeignKeyField(Unit, null=True, index=False)
    unit_id: int | None
    since_day = TextField()
    participation = IntegerField(null=True)
    satisfaction = IntegerField(null=True)
    scale = IntegerField(default=1)
    set_at = BigIntegerField()
    set_by = TextField()
