"""Signed records as they came, their chains, and the clock of each boot."""

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from fleet_server.store.models.table import Table
from fleet_server.store.models.terminals import Terminal


class Chain(Table):
    """A chain of records and its head: the last record of the main branch.

    ``kid`` signs the next record. ``start_seq`` is the seq of the first record that can be held:
    1, or more where the chain was taken up from an old receipt. ``flaws`` counts quarantined and
    disputed records, ``branches`` the side branches that forks have begun.
    """

    id = AutoField()
    terminal = ForeignKeyField(Terminal, backref="chains", index=False)
    terminal_id: str
    chain_id = TextField()
    kid = TextField()
    head_seq = BigIntegerField()
    head_hash = TextField()
    opened_at = BigIntegerField()
    start_reason = TextField()
    start_seq = BigIntegerField(default=1)
    branches = IntegerField(default=0)
    flaws = IntegerField(default=0)
    receipted_at = BigIntegerField(null=True)

    class Meta:
        """By terminal, so that none can take the id that another's chain will have."""

        indexes = ((("terminal", "chain_id"), True),)


class Record(Table):
    """A signed record as it came, or the raw bytes that occupy its position.

    ``branch`` is 0 for the main branch. ``checked``: 1 own signature verified, 0 proved by a later
    signature of its run, -1 own signature found bad. ``quarantined`` says why it is not believed.
    """

    id = AutoField()
    chain = ForeignKeyField(Chain, backref="records", index=False)
    chain_id: int
    seq = BigIntegerField()
    branch = IntegerField(default=0)
    hash = TextField()
    type = TextField()
    jws = BlobField()
    received_at = BigIntegerField()
    checked = IntegerField()
    quarantined = TextField(null=True)
    disputed = BooleanField(default=False)

    class Meta:
        """One record for each position; seq first, so that a position's branches lie together."""

        indexes = ((("chain", "seq", "branch"), True),)


Record.add_index(Record.id, name="record_unchecked", where=SQL("checked = 0"))


class Quarantine(Table):
    """Samples of raw input that nobody vouches for, the newest few of each terminal."""

    id = AutoField()
    terminal = TextField(index=True)
    chain_id = TextField(null=True)
    seq = BigIntegerField(null=True)
    bytes = BlobField()
    reason = TextField()
    received_at = BigIntegerField()


class Boot(Table):
    """What is known of the clock during one boot: ``at`` = ``up`` + ``offset_ms``.

    The other figures are those of `fleet_server.core.times.BootSpan`; ``clock_record`` is the last
    record that set the clock. ``quality`` is ``derived`` or ``estimated``. The ids follow the
    sequence of the chain.
    """

    id = AutoField()
    terminal = ForeignKeyField(Terminal, index=False)
    terminal_id: str
    boot_id = TextField()
    chain = ForeignKeyField(Chain, index=False)
    chain_id: int
    branch = IntegerField()
    first_up = BigIntegerField()
    last_up = BigIntegerField()
    latest_offset = BigIntegerField()
    clock_offset = BigIntegerField(null=True)
    exact_offset = BigIntegerField(null=True)
    clock_record = IntegerField(null=True)
    offset_ms = BigIntegerField(null=True)
    quality = TextField()

    class Meta:
        """A boot id is unique for its terminal only."""

        indexes = ((("terminal", "boot_id"), True), (("chain", "branch"), False))


class ParkedRecord(Table):
    """A record that waits to be counted.

    Nobody has added the counter that it names, or its ``terminal`` never stood in that one's unit.
    Not to be tried before ``again_at``: it could not be counted when it was tried.
    """

    record = ForeignKeyField(Record, primary_key=True)
    record_id: int
    terminal = TextField()
    counter_code = TextField()
    again_at = BigIntegerField(default=0)

    class Meta:
        """What waits of a terminal, in the order in which it is to be tried."""

        indexes = ((("terminal", "counter_code", "again_at", "record"), False),)
