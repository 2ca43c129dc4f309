"""Webhooks: subscriptions, and what became of each delivery."""

from typing import get_args

from apiflask import Schema, fields
from apiflask.validators import Length, OneOf, Range

from fleet_server.core.vouching import Stopped
from fleet_server.core.webhooks import EVENTS, SUBSCRIBABLE
from fleet_server.web.api.schemas.common import (
    LONGEST_CODE,
    Flag,
    PageIn,
    PageOut,
    Strict,
    Whole,
    text_in,
    time_out,
)
from fleet_server.web.numbers import HIGHEST

MAX_URL = 500
MAX_NOTE = 200
STATES = ("waiting", "delivered", "dead")


class WebhookIn(Strict):
    """Who wants to hear of what."""

    url = fields.String(
        required=True,
        validate=Length(1, MAX_URL),
        metadata={
            "description": "Where to send: https; http and addresses inside only where the fleet's "
            "settings allow it",
            "example": "https://queue.example/hailong",
        },
    )
    events = fields.List(
        fields.String(validate=OneOf(SUBSCRIBABLE)),
        required=True,
        validate=Length(1, len(SUBSCRIBABLE)),
        metadata={"description": "What to hear of", "example": ["terminal.state_changed"]},
    )
    unit = fields.String(
        load_default=None,
        allow_none=True,
        validate=Length(1, LONGEST_CODE),
        metadata={
            "description": "Code of the unit at the top of the branch; null: all that the key sees",
            "example": "UBND-P1",
        },
    )
    active = Flag(
        load_default=True,
        metadata={"description": "Whether anything is sent"},
    )
    note = text_in(MAX_NOTE, "What it is for, for people")


class WebhookChangeIn(WebhookIn):
    """The whole subscription as it is to be."""

    version = Whole(
        required=True,
        strict=True,
        validate=Range(1, HIGHEST),
        metadata={"description": "As read: who edits what has changed meanwhile is refused (409)"},
    )


class WebhookOut(Schema):
    """A subscription, without its secret."""

    id = fields.Integer(required=True)
    url = fields.String(required=True)
    events = fields.List(fields.String(), required=True)
    unit = fields.String(required=True, allow_none=True)
    active = fields.Boolean(required=True)
    note = fields.String(required=True, allow_none=True)
    created_at = time_out("When it was made", required=True)
    created_by = fields.String(
        required=True, metadata={"description": "Who answers for it: who made it, or took it over"}
    )
    version = fields.Integer(required=True)
    stopped = fields.String(
        required=True,
        allow_none=True,
        validate=OneOf(get_args(Stopped)),
        metadata={
            "description": "Why nothing is sent, though it is active: the account of the person "
            "who made it is switched off or gone (*person_gone*), they may not subscribe there any "
            "more (*person_lacks*), or the key that made it is revoked, expired or stopped itself "
            "(*key_gone*). On the page of webhooks a person lets it go on"
        },
    )


class WebhookSecretOut(WebhookOut):
    """A subscription that was just made, or got a new secret."""

    secret = fields.String(
        required=True,
        metadata={
            "description": "Signs what is sent (Standard Webhooks); shown here and never again",
            "example": "whsec_…",
        },
    )


class WebhookRowOut(WebhookOut):
    """A subscription in a list; of its own name, as the document holds each name once."""


class WebhooksOut(PageOut):
    """A page of subscriptions."""

    webhooks = fields.List(fields.Nested(WebhookRowOut), required=True)


class WebhooksIn(PageIn):
    """Where to go on among the subscriptions."""


class DeliveriesIn(PageIn):
    """Which deliveries to answer."""

    state = fields.String(
        load_default=None, validate=OneOf(STATES), metadata={"description": "Only these"}
    )


class DeliveryOut(Schema):
    """One event for one subscription."""

    id = fields.Integer(required=True)
    event = fields.String(required=True, metadata={"description": "The `webhook-id` header"})
    type = fields.String(required=True, validate=OneOf(EVENTS))
    at = time_out("When the event was", required=True)
    state = fields.String(required=True, validate=OneOf(STATES))
    attempts = fields.Integer(required=True)
    next_at = time_out("When it is tried next", required=True, allow_none=True)
    tried_at = time_out("When it was tried last", required=True, allow_none=True)
    status = fields.Integer(
        required=True, allow_none=True, metadata={"description": "HTTP status of the last try"}
    )
    error = fields.String(
        required=True, allow_none=True, metadata={"description": "What went wrong at the last try"}
    )
    took_ms = fields.Integer(required=True, allow_none=True)


class DeliveriesOut(PageOut):
    """A page of deliveries, the newest first."""

    deliveries = fields.List(fields.Nested(DeliveryOut), required=True)


class PingOut(Schema):
    """The event that is on its way."""

    event = fields.String(required=True, metadata={"description": "The `webhook-id` header"})
