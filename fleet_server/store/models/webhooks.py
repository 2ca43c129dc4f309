"""Webhooks: who wants to hear of what, and what became of each delivery."""

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BooleanField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from fleet_server.store.models.places import Unit
from fleet_server.store.models.table import Table


class Webhook(Table):
    """A subscription. ``events`` are names with spaces between; ``unit`` the branch, None for all.

    The secret has to be held as it is, since it signs. ``former_secret`` signs too until
    ``former_until``. ``version`` grows with each edit. ``created_by``
    answers for it: who made it, or took it over since.
    """

    id = AutoField()
    url = TextField()
    note = TextField(default="")
    events = TextField()
    unit = ForeignKeyField(Unit, null=True, on_delete="RESTRICT")
    unit_id: int | None
    secret = TextField()
    former_secret = TextField(null=True)
    former_until = BigIntegerField(null=True)
    active = BooleanField(default=True)
    created_at = BigIntegerField()
    created_by = TextField()
    version = IntegerField(default=1)


class WebhookEvent(Table):
    """Something that was told, written in the transaction that it tells of.

    ``natural_key`` keeps what is told once, such as a day that is over, from being told again.
    """

    id = TextField(primary_key=True)
    type = TextField()
    at = BigIntegerField(index=True)
    natural_key = TextField(null=True, unique=True)
    body = TextField()


class WebhookDelivery(Table):
    """One event for one subscription.

    ``state``: *waiting* until ``next_at``, *delivered*, or *dead*. ``since``: when the tries began.
    Who sends a delivery moves ``next_at`` into the future first; if it dies meanwhile, the delivery
    is due again then. ``status``, ``error`` and ``took_ms`` tell of the last try, at ``tried_at``.
    """

    id = AutoField()
    webhook = ForeignKeyField(Webhook, on_delete="CASCADE")
    webhook_id: int
    event = ForeignKeyField(WebhookEvent, on_delete="CASCADE")
    event_id: str
    state = TextField(default="waiting")
    since = BigIntegerField()
    attempts = IntegerField(default=0)
    next_at = BigIntegerField()
    tried_at = BigIntegerField(null=True)
    status = IntegerField(null=True)
    error = TextField(null=True)
    took_ms = IntegerField(null=True)


WebhookDelivery.add_index(
    WebhookDelivery.next_at, name="webhook_delivery_due", where=SQL("state = 'waiting'")
)
