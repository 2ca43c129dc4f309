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


class KeptReport(Table):
    """A report that somebody ordered, or a schedule: waiting, then ready or failed.

    ``unit`` is the top of its branch, None the whole fleet; ``formats`` are endings with spaces
    between; ``done`` of ``steps`` are made; ``digest`` is of what it says
    (`fleet_server.reports.digest.digest`), empty until it is ready; ``schedule`` is by which it was
    ordered, None where a person did; ``tries`` counts how often it was begun, last at ``tried_at``
    (`fleet_server.core.report_making`).
    """

    id = AutoField()
    unit = ForeignKeyField(Unit, null=True, index=False)
    unit_id: int | None
    period = TextField()
    formats = TextField()
    language = TextField()
    state = TextField()
    done = IntegerField(default=0)
    steps = IntegerField()
    ordered_at = BigIntegerField(index=True)
    ordered_by = TextField()
    made_at = BigIntegerField(null=True)
    digest = TextField(default="")
    schedule = IntegerField(null=True)
    tries = IntegerField(default=0)
    tried_at = BigIntegerField(null=True)


class KeptFile(Table):
    """A file of a kept report; it goes with it."""

    id = AutoField()
    report = ForeignKeyField(KeptReport, index=False, on_delete="CASCADE")
    report_id: int
    format = TextField()
    digest = TextField()
    data = BlobField()

    class Meta:
        """One of each format."""

        indexes = ((("report", "format"), True),)


class ReportSchedule(Table):
    """Reports of a branch that are made again and again (`fleet_server.core.report_schedule`).

    ``told_until`` is the last day of the last period that was ordered. A schedule that ended stays,
    so that it is known who wanted what.
    """

    id = AutoField()
    unit = ForeignKeyField(Unit, null=True, index=False)
    unit_id: int | None
    every = TextField()
    day = IntegerField()
    formats = TextField()
    language = TextField()
    told_until = TextField()
    set_at = BigIntegerField()
    set_by = TextField()
    ended_at = BigIntegerField(null=True)


class ReportReader(Table):
    """Who is told when a report of a schedule is ready; ``person`` is an account."""

    id = AutoField()
    schedule = ForeignKeyField(ReportSchedule, index=False)
    schedule_id: int
    person = IntegerField()

    class Meta:
        """Each once."""

        indexes = ((("schedule", "person"), True),)
