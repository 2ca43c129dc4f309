"""When something is too much, when it is well again, and what may be told of it."""

import pytest

from fleet_server.core.alarms.facts import (
    Block,
    CaseOver,
    CaseSoon,
    Complaint,
    Dissatisfaction,
    OpenMatter,
    Participation,
    TerminalAway,
    Verdict,
)
from fleet_server.core.alarms.rules import Limits
from fleet_server.core.choices import Choices

MINUTE = 60_000
NOW = 1_000 * MINUTE
LIMITS = Limits()


@pytest.mark.parametrize(
    ("gone", "back", "verdict"),
    [(14, None, "between"), (15, None, "on"), (15, 4, "between"), (15, 5, "off")],
)
def test_a_terminal_is_lost_after_open_minutes_and_found_after_a_while(
    gone: int, back: int | None, verdict: Verdict
) -> None:
    fact = TerminalAway(3, "t-1", gone * MINUTE, None if back is None else back * MINUTE)
    assert fact.verdict(LIMITS, NOW) == verdict
    assert fact.details(LIMITS, NOW) == {"terminal": "t-1", "minutes": gone}


def unsatisfied(*blocks: tuple[int, int, int]) -> Dissatisfaction:
    """Return blocks of: minutes ago, unsatisfied, all."""
    made = (Block(NOW - ago * MINUTE, Choices(every - bad, 0, bad)) for ago, bad, every in blocks)
    return Dissatisfaction(3, "Q1", tuple(made))


@pytest.mark.parametrize(
    ("blocks", "verdict"),
    [
        ([(5, 5, 10)], "on"),
        ([(5, 2, 5), (30, 3, 5)], "on"),
        ([(5, 4, 10)], "between"),
        ([(5, 2, 10)], "off"),
        ([(5, 3, 10)], "between"),
        ([(5, 5, 5)], "between"),
        ([(60, 5, 5), (5, 5, 5)], "between"),
        ([(60, 5, 10)], "off"),
        ([(5, 9, 20)], "between"),
        ([(5, 10, 20)], "on"),
        ([], "off"),
    ],
)
def test_too_many_are_unsatisfied_by_the_share_of_whole_blocks_lately(
    blocks: list[tuple[int, int, int]], verdict: Verdict
) -> None:
    assert unsatisfied(*blocks).verdict(LIMITS, NOW) == verdict


def test_only_sums_of_whole_blocks_are_told() -> None:
    fact = unsatisfied((5, 2, 5), (30, 3, 6), (90, 5, 5))
    assert fact.details(LIMITS, NOW) == {"counter": "Q1", "unsatisfied": 5, "ratings": 11}
    with pytest.raises(ValueError, match="5 ratings or more"):
        unsatisfied((5, 1, 4))


def test_a_complaint_is_always_one_too_many_and_tells_its_items() -> None:
    fact = Complaint(3, "12", "Q1", ("parking", "waiting"))
    assert fact.verdict(LIMITS, NOW) == "on"
    told = {"case": "12", "counter": "Q1", "items": ("parking", "waiting")}
    assert fact.details(LIMITS, NOW) == told


@pytest.mark.parametrize(
    ("rated", "day", "verdict"),
    [(39, 14, "between"), (39, 15, "on"), (40, 15, "between"), (41, 28, "between"), (42, 1, "off")],
)
def test_participation_is_judged_from_mid_month_on(rated: int, day: int, verdict: Verdict) -> None:
    fact = Participation(3, "Q1/2026-11", "Q1", 100, rated, 40, day)
    assert fact.verdict(LIMITS, NOW) == verdict
    told = {"counter": "Q1", "served": 100, "rated": rated, "target": 40}
    assert fact.details(LIMITS, NOW) == told


def test_a_counter_that_served_nobody_or_reached_everybody_is_well() -> None:
    assert Participation(3, "Q1/11", "Q1", 0, 0, 40, 20).verdict(LIMITS, NOW) == "off"
    assert Participation(3, "Q1/11", "Q1", 9, 9, 100, 20).verdict(LIMITS, NOW) == "off"


def test_certain_matters_are_evidence_of_tampering() -> None:
    assert OpenMatter(3, "5", "cloned").verdict(LIMITS, NOW) == "on"
    assert OpenMatter(3, "5", "expiry").verdict(LIMITS, NOW) == "off"
    assert OpenMatter(3, "5", "cloned").details(LIMITS, NOW) == {"matter": "5", "kind": "cloned"}


def test_a_case_is_due_soon_and_then_overdue() -> None:
    assert CaseSoon(3, "12@1", 12, 2).verdict(LIMITS, NOW) == "off"
    soon, over = CaseSoon(3, "12@1", 12, 1), CaseOver(2, "12@1/1", 12, 1, 3)
    assert soon.verdict(LIMITS, NOW) == over.verdict(LIMITS, NOW) == "on"
    assert soon.details(LIMITS, NOW) == {"case": 12, "left": 1}
    assert over.details(LIMITS, NOW) == {"case": 12, "level": 1, "over": 3}
