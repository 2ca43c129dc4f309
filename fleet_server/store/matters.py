"""Opening matters: what a person should look at. One of a kind and subject is open at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from fleet_server.store import changes, outbox
from fleet_server.store.models import Matter

Kind = Literal[
    "fork",
    "new_chain",
    "poison",
    "revoked_key",
    "unvouched",
    "clock",
    "fault",
    "cloned",
    "expiry",
    "unknown_counter",
    "other_counter",
    "foreign_counter",
]
COUNT = "count"
LISTED = 20
"""How many things a list among a matter's details names at most."""
ABOUT_UNIT = ":unit:"
ITSELF = "server"
"""Who closes a matter that needs nobody any more."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something to look at.

    Attributes:
        subject: what it is about, so that it is not opened twice.
        count: how many times it was found; added up while the matter is open.
    """

    kind: Kind
    subject: str
    terminal: str | None = None
    chain: str | None = None
    seq: int | None = None
    count: int = 1
    details: Mapping[str, Any] = field(default_factory=dict)


def open_matter(found: Found, now: int) -> bool:
    """Open a matter, or add to the one that is open; return whether it is new.

    To be called in a write transaction.
    """
    _note(found.terminal, named_unit(found.terminal, found.subject))
    same = (
        Matter.select()
        .where(
            Matter.kind == found.kind, Matter.subject == found.subject, Matter.closed_at.is_null()
        )
        .first()
    )
    if same is None:
        new = Matter.create(
            kind=found.kind, subject=found.subject, terminal=found.terminal, chain_id=found.chain,
            seq=found.seq, opened_at=now, details={**found.details, COUNT: found.count},
        )  # fmt: skip
        _tell(new, now)
        return True
    details = {
        **same.details,
        **grown(same.details, found.details),
        COUNT: int(same.details.get(COUNT, 1)) + found.count,
    }
    Matter.update(details=details).where(Matter.id == same.id).execute()
    return False


def _tell(new: Matter, now: int) -> None:
    if outbox.is_awaited("matter.opened"):
        place = outbox.place_of(new.terminal)
        data = {
            "matter": new.id,
            "kind": new.kind,
            "terminal": new.terminal,
            "unit": place.unit,
        }
        named = named_unit(new.terminal, new.subject)
        also = () if named is None else (outbox.unit_of(named),)
        outbox.tell("matter.opened", data, now, place, also=also)


def about_unit(terminal: str, unit: str) -> str:
    """Return the subject of a matter of a terminal that speaks for counters of a unit."""
    return f"{terminal}{ABOUT_UNIT}{unit}"


def named_unit(terminal: str | None, subject: str) -> str | None:
    """Return the code of the unit that a matter names `about_unit`, if it is such a one."""
    before = f"{terminal}{ABOUT_UNIT}"
    return subject.removeprefix(before) if subject.startswith(before) else None


def _note(terminal: str | None, named: str | None) -> None:
    also = [] if named is None else [f"matter{ABOUT_UNIT}{named}"]
    changes.note("matter", f"matter:{terminal or ''}", *also)


def grown(held: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return the lists of a matter, such as its positions, with what was found since."""
    return {
        name: sorted({*held[name], *new})[:LISTED]
        for name, new in found.items()
        if isinstance(new, list) and isinstance(held.get(name), list)
    }


def close_matter(kind: Kind, subject: str, now: int) -> None:
    """Close a matter that has settled itself, if it is open. In a write transaction."""
    waiting = (Matter.kind == kind) & (Matter.subject == subject) & Matter.closed_at.is_null()
    row = Matter.get_or_none(waiting)
    if row is not None:
        Matter.update(closed_at=now, closed_by=ITSELF).where(waiting).execute()
        _note(row.terminal, named_unit(row.terminal, subject))
