"""What a health report says is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_server.core.ailments import LEAST_DISK_MIB, ailments, since_when

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=8,
)
NAMES = ("terminal", "throttled", "disk_free_mib", "terminal_silent_s", "faults", "now")


def test_a_report_of_a_terminal_that_is_well_says_nothing() -> None:
    assert ailments({}) == ()
    assert (
        ailments(
            {
                "disk_free_mib": LEAST_DISK_MIB,
                "throttled": {"now": ["soft_limit"], "since_boot": ["throttled"]},
                "terminal": {"out_of_service": False, "write_errors": 0, "faults": []},
            }
        )
        == ()
    )


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ({"terminal": {"out_of_service": True}}, "out_of_service"),
        ({"terminal_silent_s": 61}, "hangs"),
        ({"terminal": {"write_errors": 1}}, "write_errors"),
        ({"disk_free_mib": LEAST_DISK_MIB - 1}, "disk_low"),
        ({"disk_free_mib": 0}, "disk_low"),
        ({"terminal": {"faults": ["button_stuck satisfied"]}}, "button_stuck"),
        ({"throttled": {"now": ["under_voltage"]}}, "under_voltage"),
        ({"throttled": {"now": [], "since_boot": ["under_voltage"]}}, "under_voltage_before"),
    ],
)
def test_each_ailment_is_recognised(report: dict[str, object], expected: str) -> None:
    assert ailments(report) == (expected,)


def test_the_worst_comes_first_and_the_present_hides_the_past() -> None:
    both = {"throttled": {"now": ["under_voltage"], "since_boot": ["under_voltage"]}}
    sick = {**both, "terminal": {"out_of_service": True, "faults": ["button_stuck satisfied"]}}
    assert ailments(sick) == ("out_of_service", "button_stuck", "under_voltage")


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_a_report_of_any_shape_is_read(report: dict[str, object]) -> None:
    assert isinstance(ailments(report), tuple)


def test_since_when_it_is_wrong_is_read_from_what_is_held() -> None:
    held = {"ailing": {"hangs": 5, "disk_low": "x", "unheard_of": 1}}
    assert since_when(held) == {"hangs": 5}
    assert since_when({}) == since_when({"ailing": ["hangs"]}) == {}
