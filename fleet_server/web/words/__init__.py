"""What codes are called, in words and with a symbol."""

from fleet_server.web.words import channels
from fleet_server.web.words.alarms import ALARMS, alarm
from fleet_server.web.words.alarms import about as about_alarm
from fleet_server.web.words.alarms import limits as alarm_limits
from fleet_server.web.words.alarms import sentence as alarm_sentence
from fleet_server.web.words.api import (
    DELIVERIES,
    EVENTS,
    SCOPES,
    STANDINGS,
    STOPPED,
    TARGETS,
    failure,
)
from fleet_server.web.words.audit import FIELDS as AUDIT_FIELDS
from fleet_server.web.words.audit import GROUPS as AUDIT_GROUPS
from fleet_server.web.words.audit import action as audit_action
from fleet_server.web.words.audit import actor as audit_actor
from fleet_server.web.words.audit import subject as audit_subject
from fleet_server.web.words.cases import (
    APOLOGIES,
    CASE_EVENTS,
    CASE_GRAINS,
    CASE_STATES,
    CASE_STEPS,
    DOSSIER_STEPS,
    item,
)
from fleet_server.web.words.health import HEALTH, VALUES
from fleet_server.web.words.interviews import (
    ANSWERS,
    CRITERIA,
    DRAWS,
    INTERVIEWED,
    LEFT_OUT,
    NOT_SHOWN,
    SHEET_ERRORS,
)
from fleet_server.web.words.letters import STATES as LETTER_STATES
from fleet_server.web.words.letters import TROUBLES, letter
from fleet_server.web.words.letters import WHATS as LETTER_WHATS
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
from fleet_server.web.words.people import REFUSED
from fleet_server.web.words.periods import days, period, service, week
from fleet_server.web.words.records import (
    AT_QUALITIES,
    DISAGREEMENTS,
    ENDINGS,
    FAULTS,
    RECORD_TYPES,
    START_REASONS,
)
from fleet_server.web.words.roles import CAPABILITIES, ROLES
from fleet_server.web.words.signals import SEVERITIES, SIGNALS, VERDICTS, rarity
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
from fleet_server.web.words.tree import FIELDS as TREE_FIELDS
from fleet_server.web.words.tree import KINDS, SUBJECTS, problem
from fleet_server.web.words.updates import MEMBERS, ROLLOUTS, STAGES, stopped, why

__all__ = [
    "ALARMS",
    "ANSWERS",
    "APOLOGIES",
    "AT_QUALITIES",
    "AUDIT_FIELDS",
    "AUDIT_GROUPS",
    "CAPABILITIES",
    "CASE_EVENTS",
    "CASE_GRAINS",
    "CASE_STATES",
    "CASE_STEPS",
    "CLOCKS",
    "COMMANDS",
    "CRITERIA",
    "DELIVERIES",
    "DETAILS",
    "DISAGREEMENTS",
    "DOSSIER_STEPS",
    "DRAWS",
    "ENDINGS",
    "EVENTS",
    "FAULTS",
    "HAPPENINGS",
    "HEALTH",
    "INTERVIEWED",
    "KINDS",
    "LEFT_OUT",
    "LETTER_STATES",
    "LETTER_WHATS",
    "MATTERS",
    "MEANINGS",
    "MEMBERS",
    "NOT_SHOWN",
    "OUTCOMES",
    "REASONS",
    "RECORD_TYPES",
    "REFUSED",
    "ROLES",
    "ROLLOUTS",
    "SCOPES",
    "SEVERITIES",
    "SHEET_ERRORS",
    "SIGNALS",
    "STAGES",
    "STANDINGS",
    "START_REASONS",
    "STATES",
    "STOPPED",
    "SUBJECTS",
    "SYMBOLS",
    "TARGETS",
    "TOLD",
    "TREE_FIELDS",
    "TROUBLES",
    "UNKNOWN_MATTER",
    "VALUES",
    "VERDICTS",
    "MatterWords",
    "about_alarm",
    "alarm",
    "alarm_limits",
    "alarm_sentence",
    "audit_action",
    "audit_actor",
    "audit_subject",
    "cause",
    "channels",
    "days",
    "failure",
    "gist",
    "hours_of",
    "item",
    "letter",
    "matter",
    "period",
    "problem",
    "rarity",
    "service",
    "spans_of",
    "stopped",
    "week",
    "weekdays",
    "why",
]
