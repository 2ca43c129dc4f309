"""What an office decides of its reports, and the reports that are kept."""

from peewee import (
    AutoField,
    BigIntegerField,
    BlobField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    TextField,
)

from fleet_server.store.models.places import Unit
from fleet_server.store.models.table import Table


class ReportTemplate(Table):
    """A version of the template of documents, for the whole fleet.

    Rows are added and never changed; the newest holds. One without ``data`` gives it back to the
    standard one, which is made by code.
    """

    id = AutoField()
    name = TextField()
    digest = TextField(null=True)
    data = BlobField(null=True)
    set_at = BigIntegerField()
    set_by = TextField()


class ScoreScale(Table):
    """A version of the scale of index scores, for the whole fleet, from a day on.

    Rows are added and never changed; ``body`` is written and read by
    `fleet_server.store.score_scales`.
    """

    id = AutoField()
    since_day = TextField()
    body = JSONField()
    set_at = BigIntegerField()
    set_by = TextField()


class ScoreEntry(Table):
    """What somebody entered for an index of a branch and a period; the newest of these holds.

    Rows are added and never changed. ``unit`` is the top of the branch, None the whole fleet;
    ``two``, ``one`` and ``none`` are how many dossiers got so many points.
    """

    id = AutoField()
    unit = ForeignKeyField(Unit, null=True, index=False)
    unit_id: int | None
    period = TextField()
    key = TextField()
    two = IntegerField()
    one = IntegerField()
    none = IntegerField()
    reason = TextField()
    entered_at = BigIntegerField()
    entered_by = TextField()

    class Meta:
        """Those of a branch and a period."""

        indexes = ((("period", "unit"), False),)
