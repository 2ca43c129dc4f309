"""Alarms: what becomes of them as facts are looked at, who hears of it, and who takes them on.

The rules are in `fleet_server.core.alarms`. `hear` writes the rows, the letters to people and chat
rooms, and the events for webhooks in one transaction, so that none is there without the others.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from fleet_server.core.alarms import hearing
from fleet_server.core.alarms.facts import Details, Fact
from fleet_server.core.alarms.hearing import About
from fleet_server.core.alarms.raising import (
    Alarm,
    Notification,
    Now,
    Outcome,
    audiences,
    raising,
)
from fleet_server.core.alarms.rules import Kind
from fleet_server.core.roles import Grant
from fleet_server.core.webhooks import Event
from fleet_server.store import alarm_rules, audit_log, changes, letters, outbox, places
from fleet_server.store.database import rows, writing
from fleet_server.store.letters import Draft
from fleet_server.store.matters import ABOUT_UNIT
from fleet_server.store.models import AlarmRow, ChatRoom
from fleet_server.store.sql import ask
from wire.fields import format_time

Numbers = dict[str, int]
"""The rows of alarms, by what the keys of their notifications begin with."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Facts, and the kinds of which they are all there are."""

    facts: Sequence[Fact]
    kinds: frozenset[Kind] = frozenset()


def hear(looked: Looked, now: int, zone: tzinfo) -> None:
    """Raise, tell on and end alarms by what was found. In a write transaction.

    Where not all facts of any kind are there, only the alarms that they are about are touched.
    """
    found = looked.facts
    about = None if looked.kinds else {(one.kind, one.subject) for one in found}
    held = [one for one in raised() if about is None or one.key in about]
    if not held and not found:
        return
    tree = places.tree()
    outcome = raising(held, found, looked.kinds, alarm_rules.rules(), Now(now, tree, zone))
    numbers = _write(outcome, held, now)
    if outcome.notifications:
        people = [
            Draft(one.key, *_about(one.notification, numbers), person=one.person)
            for one in hearing.letters(outcome.notifications, grants(), tree)
        ]
        letters.post([*people, *_to_rooms(outcome.notifications, numbers)], now)


def raised() -> list[Alarm]:
    """Return the alarms that are raised."""
    query = AlarmRow.select(
        AlarmRow.kind, AlarmRow.subject, AlarmRow.unit, AlarmRow.raised_at, AlarmRow.heard_at,
        AlarmRow.stages, AlarmRow.details, AlarmRow.acknowledged_at,
    ).where(AlarmRow.ended_at.is_null())  # fmt: skip
    return [
        Alarm(kind, subject, unit, raised_at, heard_at, stages, read(details), acknowledged_at)
        for kind, subject, unit, raised_at, heard_at, stages, details, acknowledged_at in rows(
            query.order_by(AlarmRow.id)
        )
    ]


def read(details: Mapping[str, Any]) -> Details:
    """Return details as the rules write them, which JSON can't tell lists of."""
    return {key: tuple(one) if isinstance(one, list) else one for key, one in details.items()}


def grants() -> dict[int, list[Grant]]:
    """Return what each account that is in use holds.

    As text, because ingest asks too, and the tables of people who sign in would load Flask there.
    """
    found: dict[int, list[Grant]] = defaultdict(list)
    text = (
        'SELECT u.id, r.name, g.unit_id FROM user_role g JOIN "user" u ON u.id = g.user_id '
        "JOIN role r ON r.id = g.role_id WHERE u.active ORDER BY g.id"
    )
    for person, role, unit in ask(text):
        found[person].append(Grant(role, unit))
    return found


def _write(outcome: Outcome, held: Iterable[Alarm], now: int) -> Numbers:
    before = {one.key: one for one in held}
    numbers: Numbers = {}
    for one in outcome.raised:
        row = AlarmRow.create(
            kind=one.kind, subject=one.subject, unit=one.unit, raised_at=one.raised_at,
            heard_at=one.heard_at, stages=one.stages, details=dict(one.details),
        )  # fmt: skip
        numbers[_name(one)] = int(row.id)
        _tell("alarm.raised", int(row.id), one, now)
    for one in outcome.kept:
        if one != before[one.key]:
            numbers[_name(one)] = _update(one, stages=one.stages)
    for one in outcome.ended:
        numbers[_name(one)] = number = _update(one, ended_at=now)
        _tell("alarm.over", number, one, now)
    for unit in {one.unit for one in (*outcome.raised, *outcome.ended)}:
        _note_change(unit)
    return numbers


def may_acknowledge(person: int, about: About, now: Now) -> bool:
    """Whether somebody may take on an alarm."""
    rule = alarm_rules.rules().of(about.kind, about.unit, now.tree)
    told = audiences(about.unit, rule, now) if rule else []
    return hearing.may_acknowledge(person, about, told, grants(), now.tree)


def acknowledge(number: int, by: str, at: int) -> bool:
    """Take an alarm on; ``by`` is a person's e-mail. False if it is over, or was taken on."""
    free = (
        (AlarmRow.id == number) & AlarmRow.ended_at.is_null() & AlarmRow.acknowledged_at.is_null()
    )
    with writing():
        if not AlarmRow.update(acknowledged_at=at, acknowledged_by=by).where(free).execute():
            return False
        [(kind, unit)] = rows(
            AlarmRow.select(AlarmRow.kind, AlarmRow.unit).where(AlarmRow.id == number)
        )
        _note_change(unit)
        audit_log.note(
            f"person:{by}", "alarm.acknowledge", f"alarm:{number}", {"kind": kind}, at=at
        )
        return True


def _note_change(unit: int | None) -> None:
    """Let pages that show matters or alarms of a unit know that there is something new."""
    code = outbox.place_at(unit).unit
    changes.note("matter", *([] if code is None else [f"matter{ABOUT_UNIT}{code}"]))


def _name(alarm: Alarm) -> str:
    """Return what the keys of an alarm's notifications begin with."""
    return f"{alarm.kind}:{alarm.subject}@{alarm.raised_at}"


def _update(one: Alarm, **columns: int) -> int:
    row = AlarmRow.get(
        AlarmRow.kind == one.kind, AlarmRow.subject == one.subject, AlarmRow.ended_at.is_null()
    )
    AlarmRow.update(**columns).where(AlarmRow.id == row.id).execute()
    return int(row.id)


def _tell(event: Event, number: int, alarm: Alarm, now: int) -> None:
    if outbox.is_awaited(event):
        place = outbox.place_at(alarm.unit)
        data = {
            "alarm": number,
            "kind": alarm.kind,
            "unit": place.unit,
            "raised_at": format_time(alarm.raised_at),
            "details": dict(alarm.details),
        }
        outbox.tell(event, data, now, place, f"{event}:{number}")


def _about(one: Notification, numbers: Numbers) -> tuple[str, str, Details, str, int]:
    alarm = one.key.rsplit("/", 2)[0]
    return one.kind, one.what, one.details, f"/alarms/{numbers[alarm]}", one.not_before


def _to_rooms(notifications: Collection[Notification], numbers: Numbers) -> list[Draft]:
    """Return what the chat rooms of the units hear that are told."""
    rooms: dict[int | None, list[str]] = defaultdict(list)
    for name, unit in rows(ChatRoom.select(ChatRoom.name, ChatRoom.unit).order_by(ChatRoom.name)):
        rooms[unit].append(name)
    return [
        Draft(f"{one.key}/room:{name}", *_about(one, numbers), room=name)
        for one in notifications
        for name in rooms.get(one.audience.unit, ())
    ]
