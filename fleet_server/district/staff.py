"""Who of the people does something in a unit: the nearest ones."""

from fleet_server.core.roles import EVERYTHING, Role
from fleet_server.core.tree import Tree
from fleet_server.store import places
from fleet_server.store.pages.people import Person, people


def nearest(unit: int, tree: Tree, now: int) -> list[Person]:
    """Return the people by how far up they hold something, those of the unit itself first."""
    path: list[int | None] = [node.id for node in tree.path(unit)[::-1]]
    order = {one: number for number, one in enumerate([*path, None])}

    def height(one: Person) -> int:
        return min((order.get(grant.unit, len(order)) for grant in one.grants), default=len(order))

    return sorted(people(EVERYTHING, now), key=height)


def who_is(role: Role, unit: int, now: int) -> Person:
    """Return the nearest person who has a role in a unit or above it.

    Raises:
        LookupError: nobody has.
    """
    tree = places.tree()
    here = {None, *(node.id for node in tree.path(unit))}
    for one in nearest(unit, tree, now):
        if any(grant.role == role and grant.unit in here for grant in one.grants):
            return one
    raise LookupError(f"nobody is {role} of the unit {unit}")
