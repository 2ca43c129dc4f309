"""Ratings that no terminal signed, by other channels and by QR; units with public figures."""

from peewee import AutoField, BigIntegerField, BooleanField, ForeignKeyField, TextField

from fleet_server.store.models.places import Counter, Unit
from fleet_server.store.models.table import Table


class UnsignedRating(Table):
    """A rating as `fleet_server.core.channels.Unsigned` says; never changed into a signed one.

    ``at`` is when the server took it and ``taken`` the day of that; ``ticket`` the number as it was
    given, normalised, and ``visit`` the visit that it was found to mean. ``stood`` is written once,
    when the day it was taken on is over. ``file`` is the SHA-256 of the file that it came in.
    """

    id = AutoField()
    way = TextField()
    choice = TextField()
    at = BigIntegerField()
    taken = TextField()
    day = TextField()
    unit = ForeignKeyField(Unit, index=False)
    unit_id: int
    counter = ForeignKeyField(Counter, null=True, index=False)
    counter_id: int | None
    ticket = TextField(null=True)
    visit = TextField(null=True, index=True)
    entered_by = TextField()
    stood = BooleanField(null=True, index=True)
    file = TextField(null=True, index=True)

    class Meta:
        """Those of a unit, and of a counter, by the day on which they were taken."""

        indexes = ((("unit", "taken"), False), (("counter", "taken"), False))


class UnsignedWithdrawal(Table):
    """That a rating was entered by mistake: its row stays, and is in no figure any more.

    ``by`` is who says so, as in the audit log.
    """

    rating = ForeignKeyField(UnsignedRating, primary_key=True)
    rating_id: int
    at = BigIntegerField()
    by = TextField()
    reason = TextField()


class PublicUnit(Table):
    """A unit that shows its figures to everybody; one that does not has no row."""

    unit = ForeignKeyField(Unit, primary_key=True)
    unit_id: int
    since = BigIntegerField()
    set_by = TextField()
