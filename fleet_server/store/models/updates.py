"""Images for terminals, and how they are brought to them. Times are Unix milliseconds."""

from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    JSONField,
    TextField,
)

from fleet_server.store.models.places import Unit
from fleet_server.store.models.table import Table
from fleet_server.store.models.terminals import Terminal


class UpdateBundle(Table):
    """A signed bundle, whose file is named by its hash; gone from the disk once ``removed_at``."""

    sha256 = TextField(primary_key=True)
    version = TextField()
    size = BigIntegerField()
    added_at = BigIntegerField()
    added_by = TextField()
    removed_at = BigIntegerField(null=True)


class Rollout(Table):
    """Bringing a bundle to the terminals of a branch, ring after ring.

    ``state`` is one of `fleet_server.core.rollout.STATES`; ``ring`` the one under way, from 1 to
    ``rings``, since ``ring_at``; ``automatic``: the next begins by itself, ``soak_ms`` after the
    last terminal of this one was settled. ``reason``: why it was stopped.
    """

    id = AutoField()
    bundle = ForeignKeyField(UpdateBundle, index=True)
    unit = ForeignKeyField(Unit, null=True, index=False)
    state = TextField()
    ring = IntegerField()
    rings = IntegerField()
    automatic = BooleanField()
    soak_ms = BigIntegerField()
    ring_at = BigIntegerField()
    begun_at = BigIntegerField()
    begun_by = TextField()
    ended_at = BigIntegerField(null=True)
    reason = JSONField()


class RolloutTerminal(Table):
    """A terminal of a rollout: its ring, the command it got, and what became of that.

    ``state`` is one of `fleet_server.core.rollout.MEMBER_STATES`; ``stage`` how far the terminal
    says it is. ``was_ill``: it was in trouble before its ring began.
    """

    rollout = ForeignKeyField(Rollout, index=False)
    terminal = ForeignKeyField(Terminal, index=True)
    terminal_id: str
    ring = IntegerField()
    state = TextField()
    stage = TextField(default="")
    reason = TextField(default="")
    command = IntegerField(null=True)
    asked_at = BigIntegerField(null=True)
    changed_at = BigIntegerField()
    was_ill = BooleanField()

    class Meta:
        """A terminal is once in a rollout."""

        primary_key = CompositeKey("rollout", "terminal")
