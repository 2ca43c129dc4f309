"""What codes are called, in words and with a symbol."""

from fleet_server.web.words.api import DELIVERIES, EVENTS, SCOPES, STANDINGS, TARGETS
from fleet_server.web.words.health import HEALTH, VALUES
from fleet_server.web.words.matters import (
    DETAILS,
    MATTERS,
    UNKNOWN_MATTER,
    MatterWords,
    gist,
    matter,
)
from fleet_server.web.words.opening import spans as spans_of
from fleet_server.web.words.opening import week as hours_of
from fleet_server.web.words.opening import weekdays
from fleet_server.web.words.records import (
    AT_QUALITIES,
    DISAGREEMENTS,
    ENDINGS,
    FAULTS,
    RECORD_TYPES,
    START_REASONS,
)
from fleet_server.web.words.terminals import (
    CLOCKS,
    COMMANDS,
    HAPPENINGS,
    MEANINGS,
    OUTCOMES,
    REASONS,
    STATES,
    SYMBOLS,
    TOLD,
    cause,
)

__all__ = [
    "AT_QUALITIES",
    "CLOCKS",
    "COMMANDS",
    "DELIVERIES",
    "DETAILS",
    "DISAGREEMENTS",
    "ENDINGS",
    "EVENTS",
    "FAULTS",
    "HAPPENINGS",
    "HEALTH",
    "MATTERS",
    "MEANINGS",
    "OUTCOMES",
    "REASONS",
    "RECORD_TYPES",
    "SCOPES",
    "STANDINGS",
    "START_REASONS",
    "STATES",
    "SYMBOLS",
    "TARGETS",
    "TOLD",
    "UNKNOWN_MATTER",
    "VALUES",
    "MatterWords",
    "cause",
    "gist",
    "hours_of",
    "matter",
    "spans_of",
    "weekdays",
]
