"""Who may give and take roles, and change the people who hold them.

1. Who has the capability *people* in a branch gives and takes roles there, and no others.
2. Nobody gives or takes more than they may do themselves in that branch.
3. A person is changed (reset, switched off, renamed) only by who could give all that they hold.
4. Nobody changes what they hold themselves.
5. The last whole-fleet administrator who can sign in stays one.
6. Who comes to hold a powerful capability somewhere begins anew there: what they signed in with
   before may be known to, or set up by, somebody who got hold of an account with few rights.
7. Who gives such a grant may change the person, as in rule 3: they see the link with which the
   person begins anew, and with it all that the person holds. Who holds nothing yet is anybody's.
"""

from collections.abc import Collection, Iterable
from typing import Literal

from fleet_server.core.roles import MAY, POWERFUL, Grant, scope_of
from fleet_server.core.tree import Tree

Refusal = Literal["self", "beyond", "last", "anew"]

HIGHEST = Grant("administrator", None)
"""The grant that somebody must always hold."""


class NotAllowed(Exception):
    """A change of people was refused.

    ``reason``: *self*: it would be about who asks; *beyond*: it is more than they may do
    themselves; *last*: nobody would be left who may do everything; *anew*: the person would begin
    anew, and holds more than is theirs to give.
    """

    def __init__(self, reason: Refusal) -> None:
        """Keep the reason, which whoever shows it puts into words."""
        super().__init__(reason)
        self.reason: Refusal = reason


def may_grant(own: Collection[Grant], grant: Grant, tree: Tree) -> bool:
    """Tell whether somebody with these grants may give or take a grant (rules 1 and 2)."""
    needed = MAY.get(grant.role)
    if needed is None:
        return False
    return all(scope_of(one, own, tree).covers(grant.unit) for one in {"people", *needed})


def grantable(own: Collection[Grant], tree: Tree) -> list[Grant]:
    """Return every grant that somebody may give: in the whole fleet first, then by the tree."""
    units: list[int | None] = [None, *(node.id for node in tree)]
    every = (Grant(role, unit) for unit in units for role in MAY)
    return [one for one in every if may_grant(own, one, tree)]


def may_manage(own: Collection[Grant], theirs: Collection[Grant], tree: Tree) -> bool:
    """Tell whether somebody may change a person who holds ``theirs`` (rule 3).

    Who holds nothing belongs to no branch, so the whole fleet's administrators change them.
    """
    if not theirs:
        return may_grant(own, HIGHEST, tree)
    return all(may_grant(own, one, tree) for one in theirs)


def raises(held: Collection[Grant], given: Collection[Grant], tree: Tree) -> bool:
    """Tell whether grants bring a powerful capability where it was not held before (rule 6)."""
    after = [*held, *given]
    return any(scope_of(one, after, tree) != scope_of(one, held, tree) for one in POWERFUL)


def check_change(
    own: Collection[Grant], same_person: bool, changed: Iterable[Grant], tree: Tree
) -> None:
    """Refuse to give or take grants that are not theirs to give or take (rules 1, 2, 4).

    Raises:
        NotAllowed: *self* or *beyond*.
    """
    if same_person:
        raise NotAllowed("self")
    if not all(may_grant(own, one, tree) for one in changed):
        raise NotAllowed("beyond")


def check_manage(
    own: Collection[Grant], same_person: bool, theirs: Collection[Grant], tree: Tree
) -> None:
    """Refuse to change a person who is not theirs to change (rules 3 and 4).

    Raises:
        NotAllowed: *self* or *beyond*.
    """
    if same_person:
        raise NotAllowed("self")
    if not may_manage(own, theirs, tree):
        raise NotAllowed("beyond")


def check_anew(own: Collection[Grant], held: Collection[Grant], tree: Tree) -> None:
    """Refuse to let a person begin anew whose other roles are not theirs to give (rule 7).

    Args:
        own: what who asks holds.
        held: what the person held before the change.
        tree: as it is today.

    Raises:
        NotAllowed: *anew*.
    """
    if held and not may_manage(own, held, tree):
        raise NotAllowed("anew")


def check_left(highest: Collection[int], without: int) -> None:
    """Refuse to take the last whole-fleet administrator away (rule 5).

    Args:
        highest: ids of the active people who hold `HIGHEST`.
        without: the person who would no longer be one of them.

    Raises:
        NotAllowed: *last*.
    """
    if without in highest and len(set(highest)) == 1:
        raise NotAllowed("last")
