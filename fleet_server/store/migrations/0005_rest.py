"""API keys get scopes and an end; changes of ratings are numbered; webhooks come.

A key from before keeps what it could do: everything that there was, in the whole fleet, for ever.
Answers to an ``Idempotency-Key`` are kept whole now. Those kept before are dropped: they were for
tickets, of which the same told again changes nothing anyway.
"""

from typing import Any

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BooleanField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

FORMER = (
    "tickets:write figures:read ratings:read choices:read terminals:read matters:read metrics:read"
)


def up(migrator: Any, db: Any) -> None:
    class Frozen(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Unit(Frozen):
        id = AutoField()

        class Meta:
            table_name = "unit"

    class Counter(Frozen):
        id = AutoField()

        class Meta:
            table_name = "counter"

    class ApiKey(Frozen):
        id = AutoField()

        class Meta:
            table_name = "api_key"

    unit = ForeignKeyField(Unit, Unit.id, null=True, on_delete="RESTRICT")
    migrator.migrate(
        migrator.add_column("api_key", "scopes", TextField(default="")),
        migrator.add_column("api_key", "unit_id", unit),
        migrator.add_column("api_key", "expires_at", BigIntegerField(null=True)),
        migrator.add_column("api_key", "created_by", TextField(null=True)),
    )
    db.execute_sql(f"UPDATE api_key SET scopes = '{FORMER}'")
    db.execute_sql("DROP TABLE idempotency_key")

    class IdempotencyKey(Frozen):
        id = AutoField()
        api_key = ForeignKeyField(ApiKey, index=False)
        key_sha256 = TextField()
        request_sha256 = TextField()
        status = IntegerField()
        body = TextField()
        location = TextField(null=True)
        created_at = BigIntegerField(index=True)

        class Meta:
            table_name = "idempotency_key"
            indexes = ((("api_key", "key_sha256"), True),)

    class RatingChange(Frozen):
        record = IntegerField(primary_key=True)
        number = BigIntegerField(unique=True)
        counter = ForeignKeyField(Counter, index=False)

        class Meta:
            table_name = "rating_change"

    class Webhook(Frozen):
        id = AutoField()
        url = TextField()
        note = TextField(default="")
        events = TextField()
        unit = ForeignKeyField(Unit, null=True, on_delete="RESTRICT")
        secret = TextField()
        former_secret = TextField(null=True)
        former_until = BigIntegerField(null=True)
        active = BooleanField(default=True)
        created_at = BigIntegerField()
        created_by = TextField()
        version = IntegerField(default=1)

        class Meta:
            table_name = "webhook"

    class WebhookEvent(Frozen):
        id = TextField(primary_key=True)
        type = TextField()
        at = BigIntegerField(index=True)
        natural_key = TextField(null=True, unique=True)
        body = TextField()

        class Meta:
            table_name = "webhook_event"

    class WebhookDelivery(Frozen):
        id = AutoField()
        webhook = ForeignKeyField(Webhook, on_delete="CASCADE")
        event = ForeignKeyField(WebhookEvent, on_delete="CASCADE")
        state = TextField(default="waiting")
        since = BigIntegerField()
        attempts = IntegerField(default=0)
        next_at = BigIntegerField()
        tried_at = BigIntegerField(null=True)
        status = IntegerField(null=True)
        error = TextField(null=True)
        took_ms = IntegerField(null=True)

        class Meta:
            table_name = "webhook_delivery"

    WebhookDelivery.add_index(
        WebhookDelivery.next_at, name="webhook_delivery_due", where=SQL("state = 'waiting'")
    )
    db.create_tables([IdempotencyKey, RatingChange, Webhook, WebhookEvent, WebhookDelivery])
    db.execute_sql(
        "INSERT INTO rating_change (record, number, counter_id) "
        "SELECT record_id, ROW_NUMBER() OVER (ORDER BY record_id), counter_id FROM rating"
    )
