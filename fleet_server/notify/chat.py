"""Letters to chat rooms, by Apprise: what a unit's people are told by mail stands in its room too.

The rooms are in ``posting/chat.toml``, since their addresses are secrets: whoever has one can write
there. No address is ever logged or shown.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from apprise.exception import AppriseImproperlyConfigured
from apprise.plugins import NotifyBase
from apprise.plugins.matrix import NotifyMatrix
from apprise.plugins.mattermost import NotifyMattermost
from apprise.plugins.rocketchat import NotifyRocketChat
from apprise.plugins.telegram import NotifyTelegram
from apprise.plugins.zalo import NotifyZalo

from fleet_server.errors import FleetError
from fleet_server.notify.texts import Texts
from fleet_server.notify.ways import chance
from fleet_server.settings import Settings
from fleet_server.store import letters, rooms
from fleet_server.store.letters import Due, Reply
from fleet_server.store.rooms import Known
from wire import toml
from wire.errors import WireError

SERVICES: Mapping[str, tuple[str, type[NotifyBase]]] = {
    "mmost": ("Mattermost", NotifyMattermost),
    "mmosts": ("Mattermost", NotifyMattermost),
    "rocket": ("Rocket.Chat", NotifyRocketChat),
    "rockets": ("Rocket.Chat", NotifyRocketChat),
    "matrix": ("Matrix", NotifyMatrix),
    "matrixs": ("Matrix", NotifyMatrix),
    "zalo": ("Zalo", NotifyZalo),
    "tgram": ("Telegram", NotifyTelegram),
}
"""What addresses may begin with: services that offices here use, or run themselves. Apprise knows
many more, but then loads all of them, which takes longer than all else that jobs does at start."""

AT_ONCE = 2
MOST_BYTES = 65_536
KEYS = frozenset({"name", "unit", "address"})

log = structlog.get_logger("jobs")


class ChatError(FleetError):
    """The file of chat rooms is wrong; the message says where, and shows no address."""


@dataclass(frozen=True, slots=True)
class Room:
    """A chat room: its name, the code of its unit (None: of the whole fleet), its address."""

    name: str
    unit: str | None
    address: str

    @property
    def known(self) -> Known:
        """What others may know of it."""
        return Known(self.name, self.unit, SERVICES[_scheme(self.address)][0])

    def opened(self) -> NotifyBase:
        """Return the way there.

        Raises:
            ValueError: the address leads nowhere.
        """
        _, service = SERVICES[_scheme(self.address)]
        parts = service.parse_url(self.address)
        if not parts:
            raise ValueError("not an address")
        try:
            return service(**parts)
        except (AppriseImproperlyConfigured, TypeError) as error:
            raise ValueError("not an address") from error


def _scheme(address: str) -> str:
    return address.partition("://")[0]


def read(path: Path) -> tuple[Room, ...]:
    """Return the rooms that a file names; none where it is not there.

    Raises:
        ChatError: it can't be read, or is wrong.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ChatError(f"{path}: can't be read ({error.strerror})") from None
    try:
        held = toml.load(data[:MOST_BYTES].decode())
    except (UnicodeDecodeError, WireError):
        raise ChatError(f"{path}: not a TOML file") from None
    tables = held.get("room", [])
    if set(held) - {"room"} or not isinstance(tables, list):
        raise ChatError(f"{path}: must hold tables [[room]] and nothing else")
    found = tuple(_room(path, number, one) for number, one in enumerate(tables, 1))
    if len({one.name for one in found}) < len(found):
        raise ChatError(f"{path}: two rooms have the same name")
    return found


def _room(path: Path, number: int, table: object) -> Room:
    where = f"{path}: room {number}"
    if not isinstance(table, dict) or set(table) - KEYS or {"name", "address"} - set(table):
        raise ChatError(f"{where} must have a name and an address, may have a unit, and no more")
    if not all(isinstance(one, str) and one for one in table.values()):
        raise ChatError(f"{where}: what it has are texts in quotes")
    room = Room(table["name"], table.get("unit"), table["address"])
    if not _leads_there(room):
        raise ChatError(
            f"{where} ({room.name}): its address is none of a service that is known here; it "
            f"begins with one of {', '.join(f'{name}://' for name in SERVICES)}"
        )
    return room


def _leads_there(room: Room) -> bool:
    try:
        return _scheme(room.address) in SERVICES and bool(room.opened())
    except ValueError:
        return False


class Chats:
    """Letters to chat rooms, two at the same time.

    Args:
        settings: the fleet's.
        found: the rooms.
        clock: returns Unix milliseconds.
    """

    def __init__(self, settings: Settings, found: Sequence[Room], clock: Callable[[], int]) -> None:
        self._clock, self._texts = clock, Texts(settings, clock)
        self._rooms = {one.name: one for one in found}
        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it would log addresses

    def claim(self, now: int, under_way: Counter[int]) -> Sequence[Due]:
        """Claim letters to rooms that are due."""
        free = AT_ONCE - under_way.total()
        return letters.claim(now, free, rooms=True) if self._rooms and free > 0 else []

    def receiver(self, _due: Due) -> int:
        """Return one for all: there are few."""
        return 0

    def send(self, due: Due) -> None:
        """Write into the room."""
        reply = self._write(due)
        letters.note(due, reply, self._clock(), chance())
        if reply.wrong is not None:
            log.info("not written", letter=due.id, room=due.room, why=reply.error)

    def _write(self, due: Due) -> Reply:
        room = self._rooms.get(due.room or "")
        if room is None:
            return Reply(None, "address", "posting/chat.toml names no such room any more")
        text = self._texts.of(due)
        if room.opened().notify(title=text.subject, body=text.body):
            return Reply(None)
        return Reply(None, "refused", f"{room.known.service} did not take it")


def tell_of(found: Sequence[Room]) -> None:
    """Let all processes know which units have rooms; say which of them are of no unit."""
    for one in rooms.put([one.known for one in found]):
        log.error("a chat room of a unit that is not there", room=one.name, unit=one.unit)
