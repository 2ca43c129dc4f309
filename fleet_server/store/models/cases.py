"""Explanations (giải trình): cases and their steps, what is attached, and complaints by items."""

from peewee import (
    AutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    TextField,
)

from fleet_server.store.models.places import Counter, Unit
from fleet_server.store.models.records import Record
from fleet_server.store.models.table import Table


class CaseFile(Table):
    """A case: what its steps make of it (`fleet_server.core.cases`), as lists need it.

    ``key`` is that of its subject; ``unit`` is whose it is now, None for the fleet; ``due`` None of
    a closed one; ``citizens_side`` what the last ruling says, None without one.
    """

    id = AutoField()
    key = TextField(unique=True)
    grain = TextField()
    counter = ForeignKeyField(Counter, index=True)
    counter_id: int
    day = TextField()
    confined = BooleanField()
    unit = ForeignKeyField(Unit, null=True, index=False)
    unit_id: int | None
    state = TextField()
    opened_at = BigIntegerField()
    due = BigIntegerField(null=True)
    assignee = IntegerField(null=True)
    late = BooleanField()
    level = IntegerField()
    citizens_side = BooleanField(null=True)

    class Meta:
        """Those of a unit that wait, by their deadlines."""

        indexes = ((("unit", "state", "due"), False),)


class CaseEvent(Table):
    """A step of a case; never changed or deleted.

    ``who`` is an account, None the server itself; ``step`` and ``body`` are written and read by
    `fleet_server.store.case_bodies`.
    """

    id = AutoField()
    case = ForeignKeyField(CaseFile, index=False)
    case_id: int
    seq = IntegerField()
    at = BigIntegerField()
    who = IntegerField(null=True)
    step = TextField()
    body = JSONField()

    class Meta:
        """Of two people who act at the same time, one is the faster."""

        indexes = ((("case", "seq"), True),)


class CaseAttachment(Table):
    """A file of an answer, which names it by its digest; held here, so that backups have it."""

    id = AutoField()
    case = ForeignKeyField(CaseFile, index=False)
    case_id: int
    digest = TextField()
    data = BlobField()

    class Meta:
        """The same file is held once in a case."""

        indexes = ((("case", "digest"), True),)


class CaseTerms(Table):
    """A version of how long the steps of cases may take, for the whole fleet or a unit.

    Rows are added and never changed; the newest of a holder holds. ``grain`` is the fleet's alone;
    a unit's row whose ``terms`` are empty gives it back to what holds above it.
    """

    id = AutoField()
    unit = ForeignKeyField(Unit, null=True, index=False)
    unit_id: int | None
    grain = TextField(null=True)
    terms = JSONField(null=True)
    set_at = BigIntegerField()
    set_by = TextField()


class Complaint(Table):
    """A complaint by items, as a record told it; ``items`` are codes, with spaces between."""

    record = ForeignKeyField(Record, primary_key=True)
    record_id: int
    counter = ForeignKeyField(Counter, index=False)
    counter_id: int
    at = BigIntegerField()
    items = TextField()

    class Meta:
        """A counter's complaints by time."""

        indexes = ((("counter", "at"), False),)


class RatingReason(Table):
    """Reasons that were given for a rating, or that none were: only for people with *evidence*.

    ``rating`` is the number of the rating's record in the same chain; ``items`` are codes, with
    spaces between, empty where the citizen gave none.
    """

    record = ForeignKeyField(Record, primary_key=True)
    record_id: int
    chain = TextField()
    rating = BigIntegerField()
    items = TextField()

    class Meta:
        """Asked for a rating."""

        indexes = ((("chain", "rating"), False),)
