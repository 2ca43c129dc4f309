"""What codes are called, in words and with a symbol."""

from fleet_server.web.words.health import HEALTH, VALUES
from fleet_server.web.words.matters import (
    DETAILS,
    MATTERS,
    UNKNOWN_MATTER,
    MatterWords,
    gist,
    matter,
)
from fleet_server.web.words.periods import days, period, service
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
    "DETAILS",
    "DISAGREEMENTS",
    "ENDINGS",
    "FAULTS",
    "HEALTH",
    "MATTERS",
    "OUTCOMES",
    "RECORD_TYPES",
    "START_REASONS",
    "SYMBOLS",
    "UNKNOWN_MATTER",
    "VALUES",
    "MatterWords",
    "days",
    "gist",
    "matter",
    "period",
    "service",
]
