"""Signs of cheating: what the rules counted, the signals that came of it, and rulings on them."""

from peewee import (
    AutoField,
    BigIntegerField,
    CompositeKey,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    TextField,
)

from fleet_server.store.models.places import Counter, Unit
from fleet_server.store.models.table import Table


class CounterTally(Table):
    """What each rule found on a counter's day that is over (`fleet_server.core.signals.tally`).

    ``tallies`` are hits, trials and moments by the rule's name; a rule without trials is not there.
    """

    counter = ForeignKeyField(Counter, index=False)
    counter_id: int
    day = TextField(index=True)
    tallies = JSONField()

    class Meta:
        """One row for each day."""

        primary_key = CompositeKey("counter", "day")


class TallyDue(Table):
    """A counter's day that changed, and is to be counted once it is over."""

    counter = ForeignKeyField(Counter, index=False)
    counter_id: int
    day = TextField()

    class Meta:
        """The days of a counter are counted together."""

        primary_key = CompositeKey("counter", "day")


class Signal(Table):
    """Something at a counter that a person should look at.

    What is told from ``severity`` to ``moments`` is one look (`fleet_server.core.signals.rules`),
    the most telling one; ``last_day`` is that of the last look that still told it. ``unit`` is
    where the counter lay when it was opened; ``verdict`` is that of the ruling that stands, None
    without one.
    """

    id = AutoField()
    counter = ForeignKeyField(Counter, index=False)
    counter_id: int
    unit = ForeignKeyField(Unit, index=False)
    unit_id: int
    rule = TextField()
    opened_at = BigIntegerField()
    severity = TextField()
    since = TextField()
    until = TextField()
    hits = IntegerField()
    of = IntegerField()
    honest = DoubleField()
    chance = DoubleField()
    moments = JSONField()
    last_day = TextField()
    verdict = TextField(null=True)

    class Meta:
        """Those of a counter; those of a unit that wait for a ruling."""

        indexes = ((("counter", "rule", "id"), False), (("unit", "verdict"), False))


class SignalRuling(Table):
    """What a person made of a signal; never changed or deleted. ``by`` is as the audit log has."""

    id = AutoField()
    signal = ForeignKeyField(Signal)
    signal_id: int
    verdict = TextField()
    by = TextField()
    at = BigIntegerField()
    why = TextField()
