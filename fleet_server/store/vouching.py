"""Who answers for keys, webhooks and wall screens: `core.vouching` asked of the tables.

Every use asks here, and asking writes nothing: who comes back answers again at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from fleet_server.core.api_scopes import SCOPES, ApiScope, read, standing
from fleet_server.core.roles import Grant
from fleet_server.core.tree import Tree
from fleet_server.core.vouching import KEY, PERSON, Person, Stopped, stopped_by_person
from fleet_server.store import places
from fleet_server.store.sql import ask

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Shown = TypeVar("Shown", bound="DataclassInstance")


@dataclass(frozen=True, slots=True)
class Made:
    """Something that works by itself.

    Attributes:
        by: who answers for it, as the audit log names them.
        unit: the top of the branch where it works, or None for the whole fleet.
        at: when it was made; a later key of the same name did not make it. Unix milliseconds.
    """

    by: str
    unit: int | None
    at: int


def stopped(things: Sequence[Made], now: int) -> list[Stopped | None]:
    """Say of each of some things why it has stopped, or None where somebody answers for it.

    Args:
        things: what was made.
        now: Unix milliseconds.
    """
    asking = _Asking(now)
    return [asking.stopped(one) for one in things]


def judged(held: Sequence[Shown], made: Callable[[Shown], Made], now: int) -> list[Shown]:
    """Return rows that are shown to people, each with why it has ``stopped``, if it has.

    Args:
        held: dataclasses with a field of that name.
        made: says who answers for one of them.
        now: Unix milliseconds.
    """
    why = stopped([made(one) for one in held], now)
    return [replace(one, stopped=reason) for one, reason in zip(held, why, strict=True)]


def scopes(made: Made) -> frozenset[ApiScope]:
    """Return what whoever answers for a thing may read there, in the scopes of keys.

    A key reads what it is for. People who may make such things read all that keys can
    (`core.roles`), and so does whoever runs the server.
    """
    if not made.by.startswith(KEY):
        return frozenset(SCOPES)
    found = _key("scopes", made)
    return read(found[0]) if found else frozenset()


def take_over(table: Any, number: int, actor: str) -> tuple[Any, dict[str, object]]:
    """Let somebody answer for a thing from now on. In a write transaction.

    Args:
        table: the model whose ``created_by`` says who answers.
        number: the row.
        actor: who answers from now on, as the audit log names them.

    Returns:
        The row as it was, and what the audit log is to say.
    """
    row = table.get_by_id(number)
    table.update(created_by=actor).where(table.id == number).execute()
    return row, {"from": row.created_by}


class _Asking:
    """One look at the tables; each person and the tree are read once, and only when needed."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._people: dict[str, Person | None] = {}

    def stopped(self, made: Made) -> Stopped | None:
        if made.by.startswith(PERSON):
            person = self._person(made.by.removeprefix(PERSON))
            return stopped_by_person(person, made.unit, lambda: self._tree)
        if made.by.startswith(KEY):
            return self._by_key(made)
        return None

    @cached_property
    def _tree(self) -> Tree:
        return places.tree()

    def _person(self, email: str) -> Person | None:
        if email not in self._people:
            self._people[email] = _person(email)
        return self._people[email]

    def _by_key(self, made: Made) -> Stopped | None:
        """Say whether the key lives, and whether somebody answers for the key (rule 2)."""
        found = _key("expires_at, revoked_at, created_by, unit_id, created_at", made)
        if not found:
            return "key_gone"
        expires, revoked, maker, unit, at = found
        if standing(expires, revoked, self._now) in ("expired", "revoked"):
            return "key_gone"
        # Keys are made by people and commands, never by keys: this ends here.
        return "key_gone" if self.stopped(Made(maker or "", unit, at)) else None


def _key(columns: str, made: Made) -> Any:
    """Return columns of the key that made a thing, None where it is gone."""
    found = ask(
        f"SELECT {columns} FROM api_key WHERE name = ? AND created_at <= ? "
        "ORDER BY id DESC LIMIT 1",
        made.by.removeprefix(KEY),
        made.at,
    )
    return found[0] if found else None


def _person(email: str) -> Person | None:
    # Not by the tables of accounts: ingest and jobs ask too, and don't load Flask.
    held = ask('SELECT id, active FROM "user" WHERE email = ?', email)
    if not held:
        return None
    number, active = held[0]
    grants = ask(
        "SELECT r.name, g.unit_id FROM user_role g JOIN role r ON r.id = g.role_id "
        "WHERE g.user_id = ?",
        number,
    )
    return Person(bool(active), tuple(Grant(role, unit) for role, unit in grants))
