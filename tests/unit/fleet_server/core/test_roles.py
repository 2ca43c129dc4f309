"""Who may do what, and where."""

import pytest

from fleet_server.core.roles import (
    CHANGING,
    EVERYTHING,
    MAY,
    NOTHING,
    READING,
    ROLES,
    Grant,
    Scope,
    scope_of,
    without,
)
from tests.unit.fleet_server.core.test_tree import CITY, CLINIC, DISTRICT, OTHER, TREE, WARD


def test_every_role_may_do_something_and_the_administrator_everything() -> None:
    assert set(MAY) == set(ROLES)
    assert all(MAY.values())
    assert MAY["administrator"] == READING | CHANGING


def test_who_makes_keys_and_webhooks_reads_all_that_these_tell() -> None:
    assert all(may >= READING for may in MAY.values() if "keys" in may)


def test_the_auditor_reads_everything_and_changes_nothing() -> None:
    assert MAY["auditor"] == READING


@pytest.mark.parametrize("role", ["viewer", "unit_head"])
def test_who_only_looks_changes_nothing(role: str) -> None:
    assert not MAY[role] & CHANGING


def test_a_grant_in_a_branch_holds_there_and_below() -> None:
    scope = scope_of("fleet", [Grant("technician", DISTRICT)], TREE)
    assert scope.units == {DISTRICT, WARD, CLINIC}
    assert scope.covers(WARD)
    assert not scope.covers(CITY)
    assert not scope.covers(None)


def test_grants_add_up_by_what_their_roles_may_do() -> None:
    grants = [Grant("viewer", OTHER), Grant("technician", CLINIC)]
    assert scope_of("figures", grants, TREE) == Scope(frozenset({OTHER}))
    assert scope_of("fleet", grants, TREE) == Scope(frozenset({OTHER, CLINIC}))
    assert scope_of("people", grants, TREE) == NOTHING


def test_a_grant_in_the_whole_fleet_covers_what_belongs_to_no_unit() -> None:
    scope = scope_of("audit", [Grant("auditor", None), Grant("auditor", WARD)], TREE)
    assert scope == EVERYTHING
    assert scope.covers(None)


def test_a_role_that_nobody_knows_may_do_nothing() -> None:
    assert not scope_of("figures", [Grant("former", None)], TREE)


def test_a_scope_is_narrowed_to_a_branch() -> None:
    branch = TREE.branch(WARD)
    assert EVERYTHING.within(branch) == Scope(branch)
    assert Scope(frozenset({OTHER, CLINIC})).within(branch) == Scope(frozenset({CLINIC}))


def test_who_heads_a_unit_is_kept_out_of_it_where_that_matters() -> None:
    asks = Grant("interviewer", None)
    assert without("unit_head", EVERYTHING, [asks], TREE) == EVERYTHING
    found = without("unit_head", EVERYTHING, [asks, Grant("unit_head", DISTRICT)], TREE)
    assert found.covers(OTHER)
    assert not found.covers(WARD)
    assert not without("unit_head", EVERYTHING, [asks, Grant("unit_head", None)], TREE)
