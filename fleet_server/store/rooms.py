"""The chat rooms of units, as jobs last read them; their addresses stay in its file."""

from collections.abc import Iterable
from dataclasses import dataclass

from peewee import JOIN

from fleet_server.store import places
from fleet_server.store.database import rows, writing
from fleet_server.store.models import ChatRoom, Unit


@dataclass(frozen=True, slots=True)
class Known:
    """A room: its name, the code of its unit (None: of the whole fleet), and its service."""

    name: str
    unit: str | None
    service: str


def put(rooms: Iterable[Known]) -> list[Known]:
    """Let these be the rooms; return those whose unit is not there, and which hear nothing."""
    tree, unknown = places.tree(), []
    with writing():
        ChatRoom.delete().execute()
        for one in rooms:
            unit = None if one.unit is None else tree.by_code(one.unit)
            if one.unit is not None and unit is None:
                unknown.append(one)
                continue
            ChatRoom.create(name=one.name, unit=unit and unit.id, service=one.service)
    return unknown


def listed() -> list[Known]:
    """Return the rooms by name."""
    query = ChatRoom.select(ChatRoom.name, Unit.code, ChatRoom.service)
    found = rows(query.join(Unit, JOIN.LEFT_OUTER).order_by(ChatRoom.name))
    return [Known(*one) for one in found]
