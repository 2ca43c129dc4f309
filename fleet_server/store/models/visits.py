"""What is made of records and of what the queue system says: visits, ratings, figures."""

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BooleanField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from fleet_server.store.models.places import Counter, Unit
from fleet_server.store.models.records import Boot, Record
from fleet_server.store.models.table import Table
from fleet_server.store.models.terminals import Terminal


class Visit(Table):
    """One serving of one ticket at one counter. ``day`` is YYYY-MM-DD in the fleet's zone."""

    id = TextField(primary_key=True)
    counter = ForeignKeyField(Counter, index=False)
    counter_id: int
    ticket = TextField()
    ticket_norm = TextField()
    day = TextField()
    service = TextField(null=True)
    first_at = BigIntegerField()
    called_at = BigIntegerField(null=True)
    served_at = BigIntegerField(null=True)
    ended = TextField(null=True)
    by_rest = BooleanField(default=False)
    by_terminal = BooleanField(default=False)
    disagreement = TextField(null=True)

    class Meta:
        """The day's visits of a counter; a ticket of a day."""

        indexes = ((("counter", "day"), False), (("day", "ticket_norm"), False))


class TicketEvent(Table):
    """What somebody said about a visit: the queue system through REST, or a terminal.

    ``boot`` and ``up`` let a terminal's time be worked out again; ``day`` is the service day that
    the source itself stated; ``late``: the queue system said it when the visit's day was over
    (`fleet_server.core.visits`, rule 7).
    """

    id = AutoField()
    visit = ForeignKeyField(Visit, backref="events")
    visit_id: str
    counter = ForeignKeyField(Counter)
    counter_id: int
    event = TextField()
    at = BigIntegerField()
    source = TextField()
    record = ForeignKeyField(Record, null=True)
    record_id: int | None
    idempotency = TextField(unique=True)
    at_quality = TextField(default="exact")
    boot = ForeignKeyField(Boot, null=True)
    boot_id: int | None
    up = BigIntegerField(null=True)
    day = TextField(null=True)
    late = BooleanField(default=False)


class VisitAlias(Table):
    """Another id of a visit at a counter: the queue system's and a terminal's name for the same."""

    counter = ForeignKeyField(Counter, index=False)
    counter_id: int
    alias = TextField()  # type: ignore[assignment]  # the table is never joined with itself
    visit = ForeignKeyField(Visit)
    visit_id: str

    class Meta:
        """An id stands for one visit at each counter."""

        primary_key = CompositeKey("counter", "alias")


class Dossier(Table):
    """The dossier of a visit: the only personal thing, erasable."""

    visit = ForeignKeyField(Visit, primary_key=True)
    visit_id: str
    dossier = TextField()


class Rating(Table):
    """A rating record, with its derived time and what became of it.

    ``replaces`` and ``flagged`` (as contested) are what the terminal said; the columns before them
    are the server's judgement.
    """

    record = ForeignKeyField(Record, primary_key=True)
    record_id: int
    terminal = ForeignKeyField(Terminal)
    terminal_id: str
    counter = ForeignKeyField(Counter, index=False)
    counter_id: int
    visit = TextField(null=True, index=True)
    choice = TextField()
    at = BigIntegerField()
    at_quality = TextField()
    standing = BooleanField()
    contested = BooleanField()
    disputed = BooleanField()
    unbound = BooleanField()
    replaced_by = IntegerField(null=True)
    replaces = BigIntegerField(null=True)
    flagged = BooleanField(default=False)
    boot = ForeignKeyField(Boot)
    boot_id: int
    up = BigIntegerField()

    class Meta:
        """A counter's ratings by time."""

        indexes = ((("counter", "at"), False),)


# One rating stands for each visit: the database itself says so.
Rating.add_index(Rating.visit, unique=True, name="rating_standing", where=SQL("standing"))


class RatingChange(Table):
    """When a rating last changed, as a number that only grows: what a feed follows.

    A rating that is no longer there, since its signature was found bad, keeps its row.
    """

    record = IntegerField(primary_key=True)
    number = BigIntegerField(unique=True)
    counter = ForeignKeyField(Counter, index=False)
    counter_id: int


class Hourly(Table):
    """The roll-up that pages read: one row for each counter and hour."""

    counter = ForeignKeyField(Counter, index=False)
    counter_id: int
    hour = BigIntegerField()
    day = TextField(index=True)
    served = IntegerField(default=0)
    rated = IntegerField(default=0)
    very_satisfied = IntegerField(default=0)
    satisfied = IntegerField(default=0)
    unsatisfied = IntegerField(default=0)
    unbound = IntegerField(default=0)
    contested = IntegerField(default=0)
    disputed = IntegerField(default=0)
    estimated = IntegerField(default=0)

    class Meta:
        """``hour`` is the Unix milliseconds of its beginning."""

        primary_key = CompositeKey("counter", "hour")


class _Counted(Table):
    """What roll-ups of days and months count, and what of their choices is given out."""

    served = IntegerField(default=0)
    rated = IntegerField(default=0)
    very_satisfied = IntegerField(default=0)
    satisfied = IntegerField(default=0)
    unsatisfied = IntegerField(default=0)
    unbound = IntegerField(default=0)
    contested = IntegerField(default=0)
    disputed = IntegerField(default=0)
    estimated = IntegerField(default=0)
    told_very = IntegerField(default=0)
    told_fair = IntegerField(default=0)
    told_poor = IntegerField(default=0)


class Daily(_Counted):
    """A counter's day by service, empty where none is known.

    ``told_…`` are the choices that are given out on that day (`fleet_server.core.choices`).
    """

    counter = ForeignKeyField(Counter, index=False)
    counter_id: int
    day = TextField()
    service = TextField()

    class Meta:
        """One row for each service of a day; pages also ask for all counters of some days."""

        primary_key = CompositeKey("counter", "day", "service")
        indexes = ((("day", "counter"), False),)


class RunningDay(Table):
    """What is given out of a counter's running day by service (`fleet_server.core.choices`, 5).

    Rows of days that are over are of no use any more.
    """

    counter = ForeignKeyField(Counter, index=False)
    counter_id: int
    day = TextField()
    service = TextField()
    shown_very = IntegerField(default=0)
    shown_fair = IntegerField(default=0)
    shown_poor = IntegerField(default=0)
    coming_very = IntegerField(default=0)
    coming_fair = IntegerField(default=0)
    coming_poor = IntegerField(default=0)

    class Meta:
        """One row for each service of a day; pages also ask for all counters of the day."""

        primary_key = CompositeKey("counter", "day", "service")
        indexes = ((("day", "counter"), False),)


class Monthly(_Counted):
    """The sums of a counter's days in a month (YYYY-MM) by service."""

    counter = ForeignKeyField(Counter, index=False)
    counter_id: int
    month = TextField()
    service = TextField()

    class Meta:
        """One row for each service of a month."""

        primary_key = CompositeKey("counter", "month", "service")
        indexes = ((("month", "counter"), False),)


class UnitDaily(_Counted):
    """The sums of the counters that lay right in a unit on a day, by service."""

    unit = ForeignKeyField(Unit, index=False)
    unit_id: int
    day = TextField()
    service = TextField()

    class Meta:
        """One row for each service of a day."""

        primary_key = CompositeKey("unit", "day", "service")
        indexes = ((("day", "unit"), False),)
