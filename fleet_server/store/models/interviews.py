"""Contact data of citizens, who looked at it; draws, who was drawn, and what came of asking."""

from peewee import (
    AutoField,
    BigIntegerField,
    BlobField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    TextField,
)

from fleet_server.store.models.places import Counter, Unit
from fleet_server.store.models.table import Table
from fleet_server.store.models.visits import Visit


class Contact(Table):
    """How the citizen of a visit can be reached, and on which terms (`fleet_server.core.contacts`).

    ``sealed`` is encrypted by `fleet_server.contact_key`, and ``citizen`` the keyed hash of who it
    is: both are null once erased, and ``ended`` says why. Days are YYYY-MM-DD; ``until`` is the
    last one on which the data may be used. ``taken_by`` is an actor as in the audit log.
    """

    visit = ForeignKeyField(Visit, primary_key=True)
    visit_id: str
    citizen = TextField(null=True, index=True)
    sealed = BlobField(null=True)
    taken = TextField()
    days = IntegerField()
    purpose = TextField()
    consent_at = BigIntegerField()
    taken_by = TextField()
    withdrawn = TextField(null=True)
    interviewed = TextField(null=True)
    until = TextField(index=True)
    ended = TextField(null=True)


class ContactLook(Table):
    """An entry of the access log of contact data; never changed or deleted.

    ``visit`` is an id, kept whatever becomes of the visit; ``refused`` says why nothing was shown.
    """

    id = AutoField()
    at = BigIntegerField()
    actor = TextField()
    visit = TextField()
    purpose = TextField()
    why = TextField()
    refused = TextField(null=True)


class WeeklyDraw(Table):
    """The draw of a week, as it is published (`fleet_server.core.draw_published`).

    ``state`` is *sealed* until the heads are taken, *pulsed* while it waits for its witness until
    the day ``due``, then *drawn*, or *lapsed* if the witness did not speak. ``listed`` and
    ``heads`` are the texts that are hashed; ``tickets`` is how long the list is.
    """

    id = AutoField()
    week = TextField(unique=True)
    day = TextField()
    first_day = TextField()
    last_day = TextField()
    wanted = IntegerField()
    witness = TextField()
    listed = TextField()
    hash = TextField()
    tickets = IntegerField()
    left_out = JSONField()
    sealed_at = BigIntegerField()
    due = TextField()
    state = TextField()
    heads = TextField(default="")
    witnessed = TextField(default="")
    seed = TextField(null=True)
    drawn_at = BigIntegerField(null=True)


class DrawLine(Table):
    """Somebody who was drawn, or who replaces one, and so is to be asked; never deleted.

    ``name`` and ``listed`` are ticket and unit as they stand on the list; ``visit`` is an id, null
    if the visit is no longer known; ``unit`` is where its counter lay that day. ``citizen`` is the
    keyed hash of who it is, null once they may be drawn again. ``interviewer`` is the account of
    who asks, null as long as nobody does.
    """

    id = AutoField()
    draw = ForeignKeyField(WeeklyDraw, index=False)
    draw_id: int
    name = TextField()
    listed = TextField()
    visit = TextField(null=True)
    counter = ForeignKeyField(Counter, null=True, index=False)
    counter_id: int | None
    unit = ForeignKeyField(Unit, null=True, index=False)
    unit_id: int | None
    citizen = TextField(null=True)
    replaces = ForeignKeyField("self", null=True, index=False, backref="replaced_by")
    replaces_id: int | None
    interviewer = IntegerField(null=True)
    at = BigIntegerField()

    class Meta:
        """Nobody is asked twice in a draw."""

        indexes = ((("draw", "name"), True),)


class SheetTry(Table):
    """A try to reach somebody who was drawn, in vain; ``who`` is an account."""

    id = AutoField()
    line = ForeignKeyField(DrawLine)
    line_id: int
    day = TextField()
    at = BigIntegerField()
    who = IntegerField()


class InterviewSheet(Table):
    """What came of asking somebody (`fleet_server.core.interviews.Sheet`); never changed.

    ``who`` is an account, null for the server itself.
    """

    id = AutoField()
    line = ForeignKeyField(DrawLine, unique=True)
    line_id: int
    day = TextField(index=True)
    outcome = TextField()
    answers = JSONField()
    at = BigIntegerField()
    who = IntegerField(null=True)
