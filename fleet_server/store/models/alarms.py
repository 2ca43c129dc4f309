"""Alarms and their rules; letters to people and rooms; what unsatisfied ratings are judged by."""

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    JSONField,
    TextField,
)

from fleet_server.store.models.places import Counter, Unit
from fleet_server.store.models.table import Table


class AlarmRow(Table):
    """An alarm (`fleet_server.core.alarms.raising.Alarm`); raised as long as ``ended_at`` is null.

    ``details`` is what was told of it. ``acknowledged_by`` is a person's e-mail.
    """

    id = AutoField()
    kind = TextField()
    subject = TextField()
    unit = ForeignKeyField(Unit, null=True, index=False)
    unit_id: int | None
    raised_at = BigIntegerField()
    heard_at = BigIntegerField()
    stages = IntegerField()
    details = JSONField()
    acknowledged_at = BigIntegerField(null=True)
    acknowledged_by = TextField(null=True)
    ended_at = BigIntegerField(null=True, index=True)

    class Meta:
        """By its own name: `alarm` in the tables."""

        table_name = "alarm"


AlarmRow.add_index(
    AlarmRow.kind, AlarmRow.subject, unique=True, name="alarm_raised", where=SQL("ended_at IS NULL")
)


class AlarmRule(Table):
    """A version of what a unit, or the fleet (no unit), says of a kind of alarms.

    Rows are added and never changed; the newest of a holder and kind holds. ``says``: *rule* (it is
    in ``rule``), *off* (no alarms of it), *above* (what holds above it holds again).
    """

    id = AutoField()
    unit = ForeignKeyField(Unit, null=True, index=False)
    unit_id: int | None
    kind = TextField()
    says = TextField()
    rule = JSONField(null=True)
    set_at = BigIntegerField()
    set_by = TextField()


class Letter(Table):
    """Something for a person, by their account, or for a chat room, by its name.

    ``key`` makes it once. ``kind`` and ``what`` say of what it tells, ``details`` hold the rest;
    ``path`` is that of the page that tells more.
    ``state``: *waiting* until ``next_at``, *sent*, or *dead*. Who sends it moves ``next_at`` into
    the future first. ``since``: when the tries began. ``reply``, ``trouble`` and ``error`` tell of
    the last try, at ``tried_at`` (`fleet_server.core.mail`).
    """

    id = AutoField()
    key = TextField(unique=True)
    person = IntegerField(null=True)
    room = TextField(null=True)
    kind = TextField()
    what = TextField()
    details = JSONField()
    path = TextField()
    made_at = BigIntegerField()
    state = TextField(default="waiting")
    since = BigIntegerField()
    attempts = IntegerField(default=0)
    next_at = BigIntegerField()
    tried_at = BigIntegerField(null=True)
    reply = IntegerField(null=True)
    trouble = TextField(null=True)
    error = TextField(null=True)


Letter.add_index(Letter.next_at, name="letter_due", where=SQL("state = 'waiting'"))


class ChatRoom(Table):
    """A chat room of a unit, or of the fleet, as jobs last read it; its address stays in a file."""

    name = TextField(primary_key=True)
    unit = ForeignKeyField(Unit, null=True, index=False)
    unit_id: int | None
    service = TextField()


class RunningBlock(Table):
    """Choices of a counter's running day that were given out together, at ``at`` or later."""

    counter = ForeignKeyField(Counter, index=False)
    counter_id: int
    day = TextField()
    service = TextField()
    at = BigIntegerField()
    very = IntegerField()
    fair = IntegerField()
    poor = IntegerField()

    class Meta:
        """One at a moment."""

        primary_key = CompositeKey("counter", "day", "service", "at")
