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
from fleet_server.web.words.records import (
    AT_QUALITIES,
    DISAGREEMENTS,
    ENDINGS,
    FAULTS,
    RECORD_TYPES,
    START_REASONS,
)
from fleet_server.web.words.terminals import (
    ADVICE,
    AILMENTS,
    CLOCKS,
    COMMANDS,
    CONDITIONS,
    OUTCOMES,
    SYMBOLS,
)

__all__ = [
    "ADVICE",
    "AILMENTS",
    "AT_QUALITIES",
    "CLOCKS",
    "COMMANDS",
    "CONDITIONS",
    "DELIVERIES",
    "DETAILS",
    "DISAGREEMENTS",
    "ENDINGS",
    "EVENTS",
    "FAULTS",
    "HEALTH",
    "MATTERS",
    "OUTCOMES",
    "RECORD_TYPES",
    "SCOPES",
    "STANDINGS",
    "START_REASONS",
    "SYMBOLS",
    "TARGETS",
    "UNKNOWN_MATTER",
    "VALUES",
    "MatterWords",
    "gist",
    "matter",
]
