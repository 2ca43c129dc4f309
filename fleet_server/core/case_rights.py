"""Who may do which step of a case. Pure.

1. In its own unit, or anywhere above, a unit head assigns a case and answers it. It is assigned to
   one of them, or to somebody of the office itself: whose role, in that very unit, lets them see
   it. Who was assigned may answer as well, as long as any role lets them see matters of the unit.
2. What judges an answer (return, close, rule) or gives more time is for the level above: a unit
   head, a quality officer or an administrator of a unit above the case's, or of the whole fleet.
   The case of a top unit is judged by those of the whole fleet.
3. Nobody judges an answer of their own.
4. A confined case is for people with the capability *evidence* alone; quality officers and
   administrators assign and answer it, as a unit head has no such right.
5. Which rating a case is about is looked up by people whose *evidence* comes from a level above the
   case's unit, or from the whole fleet: those who answer for it have no need to know who rated.
6. To escalate, to rehome and to withdraw is the server's own; nobody may.
"""

from collections.abc import Iterable, Sequence

from fleet_server.core.case_events import Step
from fleet_server.core.cases import TABLE, Case
from fleet_server.core.roles import MAY, Capability, Grant, Role, Scope, scope_of
from fleet_server.core.tree import Tree

ANSWERING: frozenset[Role] = frozenset({"unit_head"})
ANSWERING_CONFINED: frozenset[Role] = frozenset({"quality_officer", "administrator"})
JUDGING: frozenset[Role] = frozenset({"unit_head", "quality_officer", "administrator"})

ASSIGNS: frozenset[Step] = frozenset({"assign"})
ANSWERS: frozenset[Step] = frozenset({"answer"})
JUDGES: frozenset[Step] = frozenset({"return", "close", "rule"})
PROLONGS: frozenset[Step] = frozenset({"prolong"})


def may(person: int, grants: Sequence[Grant], case: Case, tree: Tree) -> frozenset[Step]:
    """Return the steps that somebody may take now.

    Args:
        person: the account's id.
        grants: the roles of that account.
        case: as it is now; whether it is overdue changes nothing.
        tree: that of today.
    """
    return rights(person, grants, case, tree) & TABLE[case.state].keys()


def rights(person: int, grants: Sequence[Grant], case: Case, tree: Tree) -> frozenset[Step]:
    """Return the steps that are somebody's in a case, also where its state allows none of them.

    Takes what `may` takes.
    """
    subject = case.subject
    if subject.confined and not _covers(scope_of("evidence", grants, tree), case):
        return frozenset()
    found: set[Step] = set()
    if explains(grants, case, tree):
        found |= ASSIGNS | ANSWERS
    if person == case.assignee and _covers(scope_of("matters", grants, tree), case):
        found |= ANSWERS
    if is_above(having(JUDGING, grants), case.unit, tree):
        found |= PROLONGS
        found |= JUDGES if person != case.answerer else frozenset()
    return frozenset(found)


def explains(grants: Iterable[Grant], case: Case, tree: Tree) -> bool:
    """Return whether somebody with these roles answers for a case, without being assigned."""
    answering = ANSWERING_CONFINED if case.subject.confined else ANSWERING
    return _in_branch(having(answering, grants), case.unit, tree)


def assignable(grants: Sequence[Grant], case: Case, tree: Tree) -> bool:
    """Return whether a case can be assigned to somebody with these roles (rule 1)."""
    needed: Capability = "evidence" if case.subject.confined else "matters"
    in_office = (one for one in grants if one.unit == case.unit)
    of_office = any(needed in MAY.get(one.role, frozenset()) for one in in_office)
    return of_office or explains(grants, case, tree)


def may_look(grants: Iterable[Grant], case: Case, tree: Tree) -> bool:
    """Return whether somebody with these roles may look up which rating a case is about."""
    seeing = [one for one in grants if "evidence" in MAY.get(one.role, frozenset())]
    return is_above(seeing, case.unit, tree)


def _covers(scope: Scope, case: Case) -> bool:
    return scope.covers(case.unit)


def having(roles: frozenset[Role], grants: Iterable[Grant]) -> list[Grant]:
    """Return those grants that give one of these roles."""
    return [one for one in grants if one.role in roles]


def _in_branch(grants: Iterable[Grant], unit: int | None, tree: Tree) -> bool:
    branch = {None} if unit is None else {None, *(node.id for node in tree.path(unit))}
    return any(one.unit in branch for one in grants)


def is_above(grants: Iterable[Grant], unit: int | None, tree: Tree) -> bool:
    """Return whether one of these is for a unit above another, or for the whole fleet."""
    return _in_branch(grants, None if unit is None else tree[unit].parent, tree)
