"""Whether somebody still answers for what works without them: a key, a webhook, a wall screen.

1. What a person made works while they are active and have the capability *keys* where it works.
2. What an API key made works while that key does.
3. What a command on the server made is answered for by whoever runs the server.

A thing that nobody answers for stops and stays, until a person who could make it takes it over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from fleet_server.core.roles import Grant, scope_of
from fleet_server.core.tree import Tree

Stopped = Literal["person_gone", "person_lacks", "key_gone"]
"""Why nobody answers: the person's account is switched off or gone; the person may not make it
there any more; the key that made it is revoked or expired, or nobody answers for it."""

PERSON, KEY = "person:", "key:"
"""What the names of people and of keys begin with, as the audit log has them."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who made something, as they are now."""

    active: bool
    grants: tuple[Grant, ...]


def stopped_by_person(
    person: Person | None, unit: int | None, tree: Callable[[], Tree]
) -> Stopped | None:
    """Say whether a person does not answer for something any more, and why (rule 1).

    Args:
        person: who made it; None where there is nobody of that name.
        unit: the top of the branch where it works, or None for the whole fleet.
        tree: returns the tree of units, which is seldom needed.
    """
    if person is None or not person.active:
        return "person_gone"
    whole = [one for one in person.grants if one.unit is None]
    if scope_of("keys", whole, Tree(())):
        return None
    return None if scope_of("keys", person.grants, tree()).covers(unit) else "person_lacks"
