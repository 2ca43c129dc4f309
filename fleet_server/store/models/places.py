"""Units and counters: where citizens are served."""

from peewee import AutoField, ForeignKeyField, TextField

from fleet_server.store.models.table import Table


class Unit(Table):
    """An office with counters."""

    id = AutoField()
    code = TextField(unique=True)
    name = TextField()


class Counter(Table):
    """A place where citizens are served."""

    id = AutoField()
    code = TextField(unique=True)
    name = TextField()
    unit = ForeignKeyField(Unit, backref="counters")
    unit_id: int
