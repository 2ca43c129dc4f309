"""Units and counters: where citizens are served, and where each of them lay on which days.

Days are YYYY-MM-DD; what a row says holds from ``since_day`` until before ``until_day``
(`fleet_server.core.tree`).
"""

from peewee import AutoField, ForeignKeyField, IntegerField, TextField

from fleet_server.store.models.table import Table


class Unit(Table):
    """A part of the administration: a city, a district, a department, or an office.

    ``kind`` is one of `fleet_server.core.tree.KINDS`; ``version`` grows with each edit.
    ``closed_day`` is the first day on which it is no longer there, null while it is open.
    """

    id = AutoField()
    code = TextField(unique=True)
    name = TextField()
    parent = ForeignKeyField("self", null=True, backref="children")
    parent_id: int | None
    kind = TextField(default="unit")
    closed_day = TextField(null=True)
    version = IntegerField(default=1)


class Counter(Table):
    """A place where citizens are served; ``unit`` is where it lies today.

    ``closed_day`` is the first day on which it is no longer there, null while it is open.
    """

    id = AutoField()
    code = TextField(unique=True)
    name = TextField()
    unit = ForeignKeyField(Unit, backref="counters")
    unit_id: int
    closed_day = TextField(null=True)
    version = IntegerField(default=1)


class UnitPlace(Table):
    """What a unit lay in; ``parent`` is null at the top. ``actor`` put it there."""

    id = AutoField()
    unit = ForeignKeyField(Unit, index=False)
    unit_id: int
    parent = ForeignKeyField(Unit, null=True, backref="former_children")
    parent_id: int | None
    since_day = TextField()
    until_day = TextField()
    actor = TextField(default="")

    class Meta:
        """One place begins on a day."""

        indexes = ((("unit", "since_day"), True),)


class UnitBranch(Table):
    """A unit lay below an ancestor, or is it: worked out from `UnitPlace` whenever that changes."""

    id = AutoField()
    ancestor = ForeignKeyField(Unit, index=False, backref="branch")
    ancestor_id: int
    unit = ForeignKeyField(Unit, backref="ancestors")
    unit_id: int
    since_day = TextField()
    until_day = TextField()

    class Meta:
        """The branch of an ancestor."""

        indexes = ((("ancestor", "unit", "since_day"), True),)


class CounterPlace(Table):
    """The unit that a counter lay in. ``actor`` put it there."""

    id = AutoField()
    counter = ForeignKeyField(Counter, index=False, backref="places")
    counter_id: int
    unit = ForeignKeyField(Unit, backref="counter_places")
    unit_id: int
    since_day = TextField()
    until_day = TextField()
    actor = TextField(default="")

    class Meta:
        """One place begins on a day."""

        indexes = ((("counter", "since_day"), True),)
