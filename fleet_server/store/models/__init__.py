"""The tables, and nothing else: queries are in the files beside this folder, by subject.

All times are Unix milliseconds unless said otherwise. A change here needs a numbered file in
``migrations/``; a test compares the two.
"""

from fleet_server.store.models.downlink import Command, Downlink
from fleet_server.store.models.health import (
    ButtonSilence,
    DeafSpan,
    TerminalDay,
    TerminalEvent,
    TerminalSpan,
)
from fleet_server.store.models.imports import ImportDraft
from fleet_server.store.models.opening import OpeningPlan, OpeningWeek, SpecialDay
from fleet_server.store.models.places import Counter, CounterPlace, Unit, UnitBranch, UnitPlace
from fleet_server.store.models.records import Boot, Chain, ParkedRecord, Quarantine, Record
from fleet_server.store.models.server import (
    ApiKey,
    AuditEntry,
    Change,
    IdempotencyKey,
    Matter,
    Tally,
)
from fleet_server.store.models.table import Table
from fleet_server.store.models.terminals import (
    EnrolmentToken,
    Terminal,
    TerminalKey,
    TerminalPlace,
    TerminalStatus,
)
from fleet_server.store.models.visits import (
    Dossier,
    Hourly,
    Rating,
    RatingChange,
    TicketEvent,
    Visit,
    VisitAlias,
)
from fleet_server.store.models.walls import WallLink
from fleet_server.store.models.webhooks import Webhook, WebhookDelivery, WebhookEvent

ALL: tuple[type[Table], ...] = (
    Unit,
    UnitPlace,
    UnitBranch,
    Counter,
    CounterPlace,
    Terminal,
    TerminalPlace,
    TerminalKey,
    EnrolmentToken,
    Chain,
    Record,
    Quarantine,
    Boot,
    Visit,
    TicketEvent,
    VisitAlias,
    ParkedRecord,
    Dossier,
    Rating,
    Hourly,
    Matter,
    TerminalStatus,
    Downlink,
    Command,
    AuditEntry,
    Change,
    Tally,
    ApiKey,
    IdempotencyKey,
    ImportDraft,
    OpeningPlan,
    OpeningWeek,
    SpecialDay,
    DeafSpan,
    TerminalSpan,
    TerminalEvent,
    TerminalDay,
    ButtonSilence,
    WallLink,
    RatingChange,
    Webhook,
    WebhookEvent,
    WebhookDelivery,
)

__all__ = [
    "ALL",
    "ApiKey",
    "AuditEntry",
    "Boot",
    "ButtonSilence",
    "Chain",
    "Change",
    "Command",
    "Counter",
    "CounterPlace",
    "DeafSpan",
    "Dossier",
    "Downlink",
    "EnrolmentToken",
    "Hourly",
    "IdempotencyKey",
    "ImportDraft",
    "Matter",
    "OpeningPlan",
    "OpeningWeek",
    "ParkedRecord",
    "Quarantine",
    "Rating",
    "RatingChange",
    "Record",
    "SpecialDay",
    "Table",
    "Tally",
    "Terminal",
    "TerminalDay",
    "TerminalEvent",
    "TerminalKey",
    "TerminalPlace",
    "TerminalSpan",
    "TerminalStatus",
    "TicketEvent",
    "Unit",
    "UnitBranch",
    "UnitPlace",
    "Visit",
    "VisitAlias",
    "WallLink",
    "Webhook",
    "WebhookDelivery",
    "WebhookEvent",
]
