"""Terminals, their keys, and the last thing they said of themselves."""

from peewee import AutoField, BigIntegerField, ForeignKeyField, IntegerField, JSONField, TextField

from fleet_server.store.models.places import Counter, Unit
from fleet_server.store.models.table import Table


class Terminal(Table):
    """A device, at most one of which is in use at a counter.

    ``unit`` keeps it while it is at no counter; null where nobody has said so. Once retired, it is
    out of use for good.
    """

    id = TextField(primary_key=True)
    counter = ForeignKeyField(Counter, backref="terminals", null=True)
    counter_id: int | None
    unit = ForeignKeyField(Unit, backref="kept", null=True)
    unit_id: int | None
    added_at = BigIntegerField()
    retired_at = BigIntegerField(null=True)
    retired_reason = TextField(default="")
    note = TextField(default="")
    version = IntegerField(default=1)


class TerminalPlace(Table):
    """Where a terminal stood, from ``since`` until before ``until``, null while it lasts.

    At a counter, or kept by a unit, or neither. ``actor`` put it there.
    """

    id = AutoField()
    terminal = ForeignKeyField(Terminal, index=False, backref="places")
    terminal_id: str
    counter = ForeignKeyField(Counter, null=True, backref="terminal_places")
    counter_id: int | None
    unit = ForeignKeyField(Unit, null=True, backref="terminal_places")
    unit_id: int | None
    since = BigIntegerField()
    until = BigIntegerField(null=True)
    actor = TextField(default="")

    class Meta:
        """The history of a terminal."""

        indexes = ((("terminal", "since"), False),)


class TerminalKey(Table):
    """The enrolment registry: it alone decides which keys belong to a terminal.

    A key is *replaced* once the terminal's chain went on with another: what it signed stands.
    """

    kid = TextField(primary_key=True)
    terminal = ForeignKeyField(Terminal, backref="keys")
    terminal_id: str
    x = TextField()
    certificate_pem = TextField()
    serial = TextField()
    not_after = BigIntegerField()
    enrolled_at = BigIntegerField()
    revoked_at = BigIntegerField(null=True)
    replaced_at = BigIntegerField(null=True)


class EnrolmentToken(Table):
    """A one-time token; closed at the terminal's first mutual-TLS connection."""

    id = AutoField()
    terminal = ForeignKeyField(Terminal, backref="tokens")
    terminal_id: str
    token_sha256 = TextField(unique=True)
    expires_at = BigIntegerField()
    bound_kid = TextField(null=True)
    issued_count = IntegerField(default=0)
    closed_at = BigIntegerField(null=True)


class TerminalStatus(Table):
    """The last thing each terminal said about itself; erasable, no evidence.

    ``nonce`` is that of its last hello, ``n_highest`` the highest number it says it obeyed,
    ``n_issued`` the highest that we gave out. ``former_boot`` is the boot before ``boot``. Records
    that came are counted by what became of them: ``repeated`` were held already, ``gaps`` stood
    after a gap, ``refused`` nobody vouched for.
    """

    terminal = ForeignKeyField(Terminal, primary_key=True)
    terminal_id: str
    state = TextField(default="init")
    state_at = BigIntegerField(null=True)
    boot = TextField(null=True)
    former_boot = TextField(null=True)
    connection = BigIntegerField(null=True)
    last_seen = BigIntegerField(null=True)
    waiting = IntegerField(null=True)
    oldest_waiting_at = BigIntegerField(null=True)
    clock = TextField(null=True)
    firmware = TextField(null=True)
    health = JSONField(null=True)
    nonce = TextField(null=True)
    n_highest = BigIntegerField(default=0)
    n_issued = BigIntegerField(default=0)
    repeated = BigIntegerField(default=0)
    gaps = BigIntegerField(default=0)
    refused = BigIntegerField(default=0)
