"""The events that webhooks tell of, as the OpenAPI document describes them."""

from typing import Any

from fleet_server.core.alarms.rules import KINDS
from fleet_server.core.webhooks import Event

TIME = {"type": "string", "format": "date-time"}
CODE = {"type": ["string", "null"]}
ALARM = {
    "alarm": {"type": "integer"},
    "kind": {"type": "string", "enum": list(KINDS)},
    "unit": CODE,
    "raised_at": TIME,
    "details": {
        "type": "object",
        "description": "Of what kind they are follows from the kind of the alarm; of choices they "
        "hold what was given out in blocks of five or more",
    },
}
COMPLAINT = {
    "alarm": 12,
    "kind": "complaint",
    "unit": "UBND-P1",
    "raised_at": "2026-11-22T02:00:00.000Z",
    "details": {"case": "31", "counter": "P1-01", "items": ["waiting_time"]},
}
CASE: dict[str, Any] = {
    "case": {"type": "integer"},
    "about": {"type": "string", "enum": ["rating", "item", "day"]},
    "counter": {"type": "string"},
    "unit": CODE,
    "day": {"type": "string", "format": "date"},
}
EXAMPLE: dict[str, Any] = {
    "case": 12,
    "about": "rating",
    "counter": "P1-01",
    "unit": "UBND-P1",
    "day": "2026-11-22",
}

DATA: dict[Event, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    "rating.unsatisfied": (
        "Unsatisfied",
        "Of the ratings that are given out on a counter's day, some were unsatisfied",
        {
            "counter": {"type": "string"},
            "unit": CODE,
            "day": {"type": "string", "format": "date"},
            "ratings": {
                "type": "integer",
                "description": "Ratings given out on the day, as pages show them: at least five",
            },
            "unsatisfied": {"type": "integer"},
        },
        {
            "counter": "P1-01",
            "unit": "UBND-P1",
            "day": "2026-11-22",
            "ratings": 9,
            "unsatisfied": 2,
        },
    ),
    "terminal.state_changed": (
        "StateChanged",
        "A terminal said that its state is another now, or the broker lost it",
        {
            "terminal": {"type": "string"},
            "counter": CODE,
            "unit": CODE,
            "state": {"type": "string"},
            "former": CODE,
        },
        {
            "terminal": "p1-01-t1",
            "counter": "P1-01",
            "unit": "UBND-P1",
            "state": "lost",
            "former": "ready",
        },
    ),
    "matter.opened": (
        "MatterOpened",
        "There is something new that a person should look at",
        {
            "matter": {"type": "integer"},
            "kind": {"type": "string"},
            "terminal": CODE,
            "unit": CODE,
        },
        {"matter": 7, "kind": "fault", "terminal": "p1-01-t1", "unit": "UBND-P1"},
    ),
    "report.ready": (
        "ReportReady",
        "A report was made and is kept; its files are read by their routes",
        {
            "report": {"type": "integer"},
            "unit": CODE,
            "period": {"type": "string"},
            "formats": {"type": "array", "items": {"type": "string"}},
        },
        {
            "report": 7,
            "unit": "UBND-P1",
            "period": "2026-Q3",
            "formats": ["xlsx", "pdf"],
        },
    ),
    "participation.under_target": (
        "UnderTarget",
        "A counter's day is over, and fewer were asked for their rating than the target wants",
        {
            "counter": {"type": "string"},
            "unit": CODE,
            "day": {"type": "string", "format": "date"},
            "served": {"type": "integer"},
            "rated": {"type": "integer"},
            "target": {"type": "integer", "description": "Per cent"},
        },
        {
            "counter": "P1-01",
            "unit": "UBND-P1",
            "day": "2026-11-22",
            "served": 42,
            "rated": 9,
            "target": 40,
        },
    ),
    "signal.opened": (
        "SignalOpened",
        "A counter's figures can hardly be chance: a person should look",
        {
            "signal": {"type": "integer"},
            "rule": {"type": "string"},
            "severity": {"type": "string", "enum": ["notable", "strong"]},
            "counter": {"type": "string"},
            "unit": {"type": "string"},
            "since": {"type": "string", "format": "date"},
            "until": {"type": "string", "format": "date"},
            "hits": {"type": "integer"},
            "of": {"type": "integer"},
        },
        {
            "signal": 4,
            "rule": "soon_after_close",
            "severity": "strong",
            "counter": "P1-01",
            "unit": "UBND-P1",
            "since": "2026-11-16",
            "until": "2026-11-22",
            "hits": 64,
            "of": 70,
        },
    ),
    "alarm.raised": (
        "AlarmRaised",
        "Something is too much by the rules of alarms; a complaint by items at once",
        ALARM,
        COMPLAINT,
    ),
    "alarm.over": (
        "AlarmOver",
        "An alarm that was raised is over",
        ALARM,
        COMPLAINT,
    ),
    "case.opened": (
        "CaseOpened",
        "Something has to be explained",
        CASE | {"due_at": TIME},
        EXAMPLE | {"due_at": "2026-11-29T17:00:00.000Z"},
    ),
    "case.overdue": (
        "CaseOverdue",
        "A deadline of a case is over, and levels above its unit are told now",
        CASE
        | {
            "state": {"type": "string"},
            "levels": {
                "type": "array",
                "items": {"type": "integer"},
                "description": "1 is the unit above; the last level is the whole fleet",
            },
        },
        EXAMPLE | {"state": "assigned", "levels": [1]},
    ),
    "case.closed": (
        "CaseClosed",
        "A case is closed, or withdrawn as its record is not signed rightly",
        CASE | {"state": {"type": "string"}},
        EXAMPLE | {"state": "closed"},
    ),
    "complaint.filed": (
        "ComplaintFiled",
        "A citizen complained by touching items; a case is open at once",
        {
            "case": {"type": "integer"},
            "counter": {"type": "string"},
            "unit": CODE,
            "at": TIME,
            "items": {"type": "array", "items": {"type": "string"}},
        },
        {
            "case": 12,
            "counter": "P1-01",
            "unit": "UBND-P1",
            "at": "2026-11-22T02:00:00.000Z",
            "items": ["parking"],
        },
    ),
    "ping": (
        "Ping",
        "Somebody asked to see whether events arrive",
        {"webhook": {"type": "integer"}},
        {"webhook": 3},
    ),
}
"""Of each event: the name of its schema, what it means, its data and an example."""

EXPLAINED = """Sent by `POST` with the headers `webhook-id`, `webhook-timestamp` and
`webhook-signature` (Standard Webhooks, HMAC-SHA256): check the signature, and answer 2xx within ten
seconds. An event may come more than once, with the same `webhook-id`, and later than another that
came after it. What is not taken is tried again for three days, ever more seldom."""


def schemas() -> dict[str, Any]:
    """Return the schema of each event's body."""
    return {f"{name}Event": _schema(event) for event, (name, *_) in DATA.items()}


def _schema(event: Event) -> dict[str, Any]:
    _, meaning, data, _ = DATA[event]
    return {
        "type": "object",
        "description": meaning,
        "properties": {
            "type": {"type": "string", "const": event},
            "timestamp": TIME,
            "data": {"type": "object", "properties": data, "required": list(data)},
        },
        "required": ["type", "timestamp", "data"],
    }


def described() -> dict[str, Any]:
    """Return the part ``webhooks`` of the document."""
    return {event: {"post": _operation(event)} for event in DATA}


def _operation(event: Event) -> dict[str, Any]:
    name, meaning, _, example = DATA[event]
    return {
        "operationId": f"on{name}",
        "summary": meaning,
        "description": EXPLAINED,
        "tags": ["Webhooks"],
        "parameters": [
            {"name": header, "in": "header", "required": True, "schema": {"type": "string"}}
            for header in ("webhook-id", "webhook-timestamp", "webhook-signature")
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": f"#/components/schemas/{name}Event"},
                    "example": {
                        "type": event,
                        "timestamp": "2026-11-22T02:00:00.000Z",
                        "data": example,
                    },
                }
            },
        },
        "responses": {"2XX": {"description": "It is taken"}},
        "security": [],
    }
