"""When offices are open: what units, counters and the whole fleet say of themselves.

Days are YYYY-MM-DD in the fleet's time zone; spans of a day are pairs of minutes from midnight.
"""

from peewee import AutoField, ForeignKeyField, IntegerField, JSONField, TextField

from fleet_server.store.models.places import Counter, Unit
from fleet_server.store.models.table import Table


class OpeningPlan(Table):
    """Somebody has hours of its own: a unit, a counter or, where both are null, the fleet.

    ``version`` grows with each edit of what is said below it.
    """

    id = AutoField()
    unit = ForeignKeyField(Unit, null=True, unique=True, backref="opening_plans")
    unit_id: int | None
    counter = ForeignKeyField(Counter, null=True, unique=True, backref="opening_plans")
    counter_id: int | None
    version = IntegerField(default=1)


class OpeningWeek(Table):
    """A week that holds from ``since_day`` on; null says nothing any more from then on."""

    id = AutoField()
    plan = ForeignKeyField(OpeningPlan, index=False, backref="weeks")
    plan_id: int
    since_day = TextField()
    week = JSONField(null=True)

    class Meta:
        """One week begins on a day."""

        indexes = ((("plan", "since_day"), True),)


class SpecialDay(Table):
    """A single day that is not as its weekday; without spans it is closed."""

    id = AutoField()
    plan = ForeignKeyField(OpeningPlan, index=False, backref="specials")
    plan_id: int
    day = TextField()
    name = TextField()
    spans = JSONField()

    class Meta:
        """A day is special once."""

        indexes = ((("plan", "day"), True),)
