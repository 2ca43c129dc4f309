"""A unit does not judge itself."""

import pytest

from fleet_server.core.roles import Grant
from fleet_server.core.signals.rights import may_rule
from tests.unit.fleet_server.core.test_case_rights import TREE

CITY, DISTRICT, WARD, ANOTHER = UNITS = 1, 2, 3, 4


@pytest.mark.parametrize("role", ["quality_officer", "administrator"])
def test_those_of_a_level_above_or_of_the_whole_fleet_rule(role: str) -> None:
    ruling = {unit for unit in (None, *UNITS) if may_rule([Grant(role, unit)], WARD, TREE)}
    assert ruling == {None, CITY, DISTRICT}


def test_of_a_top_unit_those_of_the_whole_fleet_do() -> None:
    assert not may_rule([Grant("quality_officer", CITY)], CITY, TREE)
    assert may_rule([Grant("quality_officer", None)], CITY, TREE)


@pytest.mark.parametrize(
    "role", ["technician", "unit_head", "interviewer", "auditor", "viewer", "unknown"]
)
def test_no_other_role_does(role: str) -> None:
    assert not may_rule([Grant(role, None)], WARD, TREE)


def test_the_head_of_the_unit_never_does() -> None:
    above = Grant("quality_officer", DISTRICT)
    assert not may_rule([above, Grant("unit_head", WARD)], WARD, TREE)
    assert may_rule([above, Grant("unit_head", ANOTHER)], WARD, TREE)
