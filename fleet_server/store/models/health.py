"""How terminals were: erasable, no evidence. Times are Unix milliseconds."""

from peewee import (
    AutoField,
    BigIntegerField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    JSONField,
    TextField,
)

from fleet_server.store.models.places import Counter
from fleet_server.store.models.table import Table
from fleet_server.store.models.terminals import Terminal


class DeafSpan(Table):
    """For this long the server heard nobody: ingest or its way to the broker was down."""

    id = AutoField()
    since = BigIntegerField()
    until = BigIntegerField(index=True)


class TerminalSpan(Table):
    """For this long a terminal was not simply there; null while it lasts.

    ``kind`` is one of `fleet_server.core.strip.SPANS`.
    """

    id = AutoField()
    terminal = ForeignKeyField(Terminal, index=False, backref="spans")
    terminal_id: str
    kind = TextField()
    since = BigIntegerField()
    until = BigIntegerField(null=True)

    class Meta:
        """The history of a terminal."""

        indexes = ((("terminal", "since"), False),)


class TerminalEvent(Table):
    """Something about a terminal changed: its firmware, its voltage, what it says is wrong."""

    id = AutoField()
    terminal = ForeignKeyField(Terminal, index=False, backref="events")
    terminal_id: str
    at = BigIntegerField()
    kind = TextField()
    details = JSONField()

    class Meta:
        """The history of a terminal."""

        indexes = ((("terminal", "at"), False),)


class TerminalDay(Table):
    """The worst of a day: the most records that waited, and the longest that one did (ms)."""

    terminal = ForeignKeyField(Terminal, index=False, backref="days")
    terminal_id: str
    day = TextField()
    waiting = IntegerField()
    waited_ms = BigIntegerField()

    class Meta:
        """One row for each day that had something."""

        primary_key = CompositeKey("terminal", "day")


class ButtonSilence(Table):
    """A choice that nobody presses at a counter though ``served`` tickets were served.

    ``choice`` is empty where no choice is pressed at all. ``most`` is how many may pass without;
    ``since``: the end of the hour of the last press of any, or of the day on which this choice was
    given out last; null where there was none.
    """

    counter = ForeignKeyField(Counter, index=False, backref="silences")
    counter_id: int
    choice = TextField()
    served = IntegerField()
    most = IntegerField()
    since = BigIntegerField(null=True)

    class Meta:
        """A choice of a counter."""

        primary_key = CompositeKey("counter", "choice")
