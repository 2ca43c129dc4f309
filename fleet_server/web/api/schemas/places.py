"""Units and counters, terminals, matters."""

from apiflask import Schema, fields
from apiflask.validators import OneOf, Regexp

from fleet_server.core.tree import KINDS
from fleet_server.web.api.schemas.common import (
    PageIn,
    PageOut,
    closed_out,
    counter_in,
    flag_in,
    time_out,
    unit_in,
)
from wire.up import PRESENCES


class UnitsIn(PageIn):
    """Which units to answer."""

    unit = unit_in()


class UnitOut(Schema):
    """A part of the administration: a city, a district, a department, or an office."""

    code = fields.String(required=True, metadata={"example": "UBND-P1"})
    name = fields.String(required=True, metadata={"example": "UBND phường Bến Nghé"})
    kind = fields.String(required=True, validate=OneOf(KINDS))
    parent = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Code of the unit that it lies in", "example": "Q1"},
    )
    closed = closed_out()


class UnitsOut(PageOut):
    """A page of units by their codes."""

    units = fields.List(fields.Nested(UnitOut), required=True)


class CountersIn(PageIn):
    """Which counters to answer."""

    unit = unit_in()


class CounterOut(Schema):
    """A place where citizens are served."""

    code = fields.String(required=True, metadata={"example": "C1"})
    name = fields.String(required=True, metadata={"example": "Quầy 1 – Hộ tịch"})
    unit = fields.String(required=True, metadata={"example": "UBND-P1"})
    terminals = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Ids of the terminals in use there", "example": ["t-1"]},
    )
    closed = closed_out()


class CountersOut(PageOut):
    """A page of counters by their codes."""

    counters = fields.List(fields.Nested(CounterOut), required=True)


class TerminalsIn(PageIn):
    """Which terminals to answer."""

    unit = unit_in()
    counter = counter_in()
    state = fields.String(
        load_default=None,
        validate=OneOf(PRESENCES),
        metadata={"description": "Only those that said so last"},
    )
    retired = flag_in("Only retired ones, or only the others", None)


class HeadOut(Schema):
    """How far the server holds a terminal's newest chain."""

    chain = fields.String(required=True)
    seq = fields.Integer(required=True)
    hash = fields.String(required=True)


class TerminalOut(Schema):
    """A terminal, as it was last heard of."""

    id = fields.String(required=True, metadata={"example": "t-1"})
    counter = fields.String(required=True, allow_none=True, metadata={"example": "C1"})
    unit = fields.String(required=True, allow_none=True, metadata={"example": "UBND-P1"})
    retired = fields.Boolean(required=True)
    state = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What it said last; null: it was never heard of"},
    )
    state_at = time_out("Since when", required=True, allow_none=True)
    last_seen = time_out("When anything came from it", required=True, allow_none=True)
    waiting = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Records that the server has not receipted"},
    )
    oldest_waiting_at = time_out("The oldest of these", required=True, allow_none=True)
    clock = fields.String(required=True, allow_none=True)
    firmware = fields.String(required=True, allow_none=True)
    matters = fields.Integer(required=True, metadata={"description": "Open matters"})
    head = fields.Nested(HeadOut, required=True, allow_none=True)


class TerminalsOut(PageOut):
    """A page of terminals by their ids."""

    terminals = fields.List(fields.Nested(TerminalOut), required=True)


class MattersIn(PageIn):
    """Which matters to answer."""

    closed = flag_in("Closed ones instead of open ones", False)
    kind = fields.String(
        load_default=None,
        validate=Regexp(r"\A[a-z_]{1,32}\Z", error="is not a kind such as fork"),
        metadata={"description": "Only of this kind", "example": "fork"},
    )
    unit = unit_in()


class MatterOut(Schema):
    """Something that a person should look at."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"example": "fork"})
    terminal = fields.String(required=True, allow_none=True, metadata={"example": "t-1"})
    chain = fields.String(required=True, allow_none=True)
    seq = fields.Integer(required=True, allow_none=True)
    opened_at = time_out("When it was opened", required=True)
    closed_at = time_out("When it was closed", required=True, allow_none=True)
    closed_by = fields.String(required=True, allow_none=True)
    details = fields.Dict(required=True, metadata={"description": "What its kind tells of it"})


class MattersOut(PageOut):
    """A page of matters, the newest first."""

    matters = fields.List(fields.Nested(MatterOut), required=True)
