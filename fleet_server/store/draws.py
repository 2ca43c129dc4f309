"""Draws: sealing the list, the heads, the witness, who was drawn, and what is open to everybody."""

from collections import Counter as Counted
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN

from fleet_server.core import draw_published
from fleet_server.core.draw import Draw, Entry, Sealed
from fleet_server.core.draw_published import (
    Published,
    Replacement,
    entries_of,
    heads_of,
    heads_text,
)
from fleet_server.core.interviews import REPLACED
from fleet_server.store import audit_log, changes
from fleet_server.store.database import rows
from fleet_server.store.draw_lists import Found, named
from fleet_server.store.models import Chain, DrawLine, InterviewSheet, WeeklyDraw


@dataclass(frozen=True, slots=True)
class DrawRow:
    """A draw as lists need it; ``tickets`` is how long the list is."""

    week: str
    day: str
    wanted: int
    tickets: int
    state: str
    witness: str
    due: str
    sealed_at: int
    drawn_at: int | None


def forget(before: str) -> None:
    """Forget who was drawn before a day: they may be drawn again. In a transaction."""
    former = WeeklyDraw.select(WeeklyDraw.id).where(WeeklyDraw.day < before)
    DrawLine.update(citizen=None).where(
        DrawLine.draw.in_(former), DrawLine.citizen.is_null(False)
    ).execute()


def is_sealed(week: str) -> bool:
    """Tell whether the list of a week is sealed."""
    return bool(WeeklyDraw.select().where(WeeklyDraw.week == week).exists())


def seal(sealed: Sealed, day: str, window: tuple[str, str], due: str, at: int) -> None:
    """Keep a list and write its hash into the audit log. In a write transaction."""
    WeeklyDraw.create(
        week=sealed.week,
        day=day,
        first_day=window[0],
        last_day=window[1],
        wanted=sealed.wanted,
        witness=sealed.witness,
        listed=sealed.text,
        hash=sealed.hash,
        tickets=len(sealed.entries),
        left_out=dict(sealed.left_out),
        sealed_at=at,
        due=due,
        state="sealed",
    )
    details = {
        "hash": sealed.hash,
        "wanted": sealed.wanted,
        "witness": sealed.witness,
        "tickets": len(sealed.entries),
    }
    audit_log.note("server", "draw.seal", f"draw:{sealed.week}", details, at=at)
    changes.note(changes.DRAW)


def heads() -> dict[str, str]:
    """Return the hash of the newest record of each chain, by the chain.

    Where terminals have chains of the same id, which only a forger makes, a number follows it.
    """
    query = Chain.select(Chain.chain_id, Chain.head_hash).order_by(Chain.chain_id, Chain.id)
    found: dict[str, str] = {}
    same: Counted[str] = Counted()
    for chain, digest in rows(query):
        same[chain] += 1
        found[chain if same[chain] == 1 else f"{chain}~{same[chain]}"] = digest
    return found


def sealed_ones() -> list[str]:
    """Return the weeks of draws whose list is sealed and whose heads are not taken yet."""
    return _weeks("sealed")


def waiting() -> list[str]:
    """Return the weeks of draws that wait for their witness, the oldest first."""
    return _weeks("pulsed")


def _weeks(state: str) -> list[str]:
    query = WeeklyDraw.select(WeeklyDraw.week).where(WeeklyDraw.state == state)
    return [str(week) for (week,) in rows(query.order_by(WeeklyDraw.id))]


def is_late(day: str) -> bool:
    """Tell whether a draw waits for its witness, who was to speak before a day."""
    late = WeeklyDraw.select().where(WeeklyDraw.state == "pulsed", WeeklyDraw.due < day)
    return bool(late.exists())


def row(week: str) -> Any:
    """Return the draw of a week, None where there is none."""
    return WeeklyDraw.get_or_none(WeeklyDraw.week == week)


def sealed_of(held: Any) -> Sealed:
    """Return the list of a draw."""
    entries = entries_of(held.listed)
    return Sealed(held.week, held.wanted, entries, dict(held.left_out), held.witness)


def note_pulse(held: Any, taken: Mapping[str, str], digest: str, at: int) -> None:
    """Keep the heads of a draw, and write their hash into the audit log. In a transaction."""
    WeeklyDraw.update(state="pulsed", heads=heads_text(taken)).where(
        WeeklyDraw.id == held.id
    ).execute()
    details = {"pulse": digest, "chains": len(taken)}
    audit_log.note("server", "draw.pulse", f"draw:{held.week}", details, at=at)
    changes.note(changes.DRAW)


def lapse(before: str, at: int) -> None:
    """Let draws lapse whose witness did not speak until a day. In a write transaction."""
    query = WeeklyDraw.select(WeeklyDraw.week).where(
        WeeklyDraw.state == "pulsed", WeeklyDraw.due < before
    )
    for (week,) in rows(query.order_by(WeeklyDraw.id)):
        WeeklyDraw.update(state="lapsed").where(WeeklyDraw.week == week).execute()
        audit_log.note("server", "draw.lapse", f"draw:{week}", at=at)
        changes.note(changes.DRAW)


def note_drawn(held: Any, found: Draw, key: bytes, witnessed: str, actor: str, at: int) -> None:
    """Keep who was drawn. In a write transaction."""
    WeeklyDraw.update(state="drawn", seed=found.seed, witnessed=witnessed, drawn_at=at).where(
        WeeklyDraw.id == held.id
    ).execute()
    known = named(held, key)
    for entry in found.drawn:
        add_line(held, entry, known.get(entry.ticket), None, at)
    details = {"seed": found.seed, "witnessed": witnessed, "drawn": len(found.places)}
    audit_log.note(actor, "draw.draw", f"draw:{held.week}", details, at=at)
    changes.note(changes.DRAW)


def add_line(held: Any, entry: Entry, found: Found | None, replaces: int | None, at: int) -> Any:
    """Note that somebody is to be asked, and return the line. In a write transaction."""
    changes.note(changes.INTERVIEW)
    return DrawLine.create(
        draw=held.id,
        name=entry.ticket,
        listed=entry.unit,
        visit=found and found.visit,
        counter=found and found.counter,
        unit=found and found.unit,
        citizen=found and found.citizen,
        replaces=replaces,
        at=at,
    )


_COLUMNS = (
    WeeklyDraw.week,
    WeeklyDraw.day,
    WeeklyDraw.wanted,
    WeeklyDraw.tickets,
    WeeklyDraw.state,
    WeeklyDraw.witness,
    WeeklyDraw.due,
    WeeklyDraw.sealed_at,
    WeeklyDraw.drawn_at,
)


def listed() -> list[DrawRow]:
    """Return the draws, the newest first."""
    found = rows(WeeklyDraw.select(*_COLUMNS).order_by(WeeklyDraw.id.desc()))
    return [DrawRow(*one) for one in found]


def lapsed(held: Any = None) -> int:
    """Return how many draws lapsed, of all or of those before one."""
    query = WeeklyDraw.select().where(WeeklyDraw.state == "lapsed")
    return int((query if held is None else query.where(WeeklyDraw.id < held.id)).count())


def left(held: Any) -> int:
    """Return how many of a draw are still to be asked."""
    return int(_to_ask(DrawLine.id).where(DrawLine.draw == held.id).count())


def not_to_be_known(day: date) -> set[str]:
    """Return the visits that were drawn and of whose draw not everybody may read on a day."""
    drawn = WeeklyDraw.select().where(WeeklyDraw.id.in_(_to_ask(DrawLine.draw)))
    closed = [held.id for held in drawn if not is_open(held, day)]
    query = DrawLine.select(DrawLine.visit).where(DrawLine.draw.in_(closed))
    return {str(visit) for (visit,) in rows(query)}


def _to_ask(column: Any) -> Any:
    closed = DrawLine.id == InterviewSheet.line
    query = DrawLine.select(column).join(InterviewSheet, JOIN.LEFT_OUTER, on=closed)
    return query.where(InterviewSheet.id.is_null())


def is_open(held: Any, day: date) -> bool:
    """Tell whether everybody may read the list of a draw, and who was drawn, on a day."""
    sealed = date.fromisoformat(held.day)
    return draw_published.is_open(held.state, left(held), sealed, day)


def line(number: int) -> Any:
    """Return somebody who was drawn, by the id of the line; its draw is ``line.draw``."""
    return DrawLine.get_by_id(number)


def lines(held: Any) -> list[Any]:
    """Return who was drawn, in order, and who replaces whom after them."""
    return list(DrawLine.select().where(DrawLine.draw == held.id).order_by(DrawLine.id))


def published(held: Any) -> Published:
    """Return a draw as it is published."""
    return Published(
        sealed_of(held),
        held.first_day,
        held.last_day,
        heads_of(held.heads),
        held.witnessed,
        held.seed,
        tuple(Entry(one.listed, one.name) for one in lines(held) if one.replaces_id is None),
        replacements(held),
    )


def replacements(held: Any) -> tuple[Replacement, ...]:
    """Return who of a draw was replaced by whom and why, in the order in which it happened."""
    by = DrawLine.alias()
    query = (
        DrawLine.select(DrawLine.name, by.name, InterviewSheet.outcome)
        .join(InterviewSheet, on=(InterviewSheet.line == DrawLine.id))
        .join(by, JOIN.LEFT_OUTER, on=(by.replaces == DrawLine.id))
        .where(DrawLine.draw == held.id, InterviewSheet.outcome.in_(sorted(REPLACED)))
    )
    return tuple(Replacement(*one) for one in rows(query.order_by(InterviewSheet.id)))
