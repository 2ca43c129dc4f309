"""Contact data of citizens, and who looked at it."""

from peewee import (
    AutoField,
    BigIntegerField,
    BlobField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

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
