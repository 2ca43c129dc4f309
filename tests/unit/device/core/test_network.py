"""The way to the fleet, step by step (device/core/network.py)."""

import pytest

from device.core import network
from device.core.network import (
    PATIENCE_MS,
    STEPS,
    Finding,
    Interface,
    Sent,
    StepName,
    as_json,
    complete,
    from_json,
    is_good,
    next_step,
)


def good(*steps: StepName) -> list[Finding]:
    return [Finding(step, "good") for step in steps]


def test_the_steps_come_one_after_the_other() -> None:
    found: list[Finding] = []
    tried: list[StepName] = []
    while (step := next_step(found)) is not None:
        tried.append(step)
        found += good(step)
    assert tuple(tried) == STEPS
    assert is_good(complete(found))


@pytest.mark.parametrize("bad", ["link", "address", "name"])
def test_what_cannot_work_is_skipped(bad: StepName) -> None:
    before = STEPS[: STEPS.index(bad)]
    found = [*good(*before), Finding(bad, "bad", "refused")]
    assert next_step(found) is None
    skipped = [each.step for each in complete(found) if each.state == "skipped"]
    assert tuple(skipped) == STEPS[STEPS.index(bad) + 1 :]
    assert not is_good(complete(found))


def test_the_broker_is_asked_though_the_enrolment_server_is_away() -> None:
    found = [*good("link", "address", "name"), Finding("tls", "bad", "refused")]
    assert next_step(found) == "broker"
    assert next_step([*found, *good("broker")]) == "receipt"
    states = {each.step: each.state for each in complete([*found, *good("broker", "receipt")])}
    assert states["server"] == "skipped"


def test_a_terminal_that_is_not_enrolled_yet_hears_of_the_true_fault_alone() -> None:
    """Its enrolment file may be good: nobody is to replace it because the server is away."""
    waiting = Finding("broker", "bad", "not_enrolled", "fleet.example:8883")
    before = good("link", "address", "name", "tls", "server")
    assert network.judged(waiting, before) == waiting
    away = [*good("link", "address", "name"), Finding("tls", "bad", "refused")]
    assert network.judged(waiting, away) == Finding("broker", "skipped")
    other = Finding("broker", "bad", "refused")
    assert network.judged(other, away) == other


def test_no_receipt_is_expected_through_a_broker_that_is_not_there() -> None:
    found = [*good("link", "address", "name", "tls", "server"), Finding("broker", "bad", "refused")]
    assert next_step(found) is None


def test_a_board_without_network_is_told_from_a_cable_that_is_not_in() -> None:
    assert network.link([]) == Finding("link", "bad", "no_interface")
    cable, wifi = Interface("eth0", False, ""), Interface("wlan0", True, "10.1.2.3")
    assert network.link([cable]) == Finding("link", "bad", "no_carrier", "eth0")
    assert network.link([cable, wifi]) == Finding("link", "good", detail="wlan0")


def test_an_address_counts_where_there_is_a_link() -> None:
    kept = Interface("eth0", False, "10.1.2.3")
    without = Interface("wlan0", True, "")
    assert network.address([kept, without]) == Finding("address", "bad", "no_address", "wlan0")
    given = Interface("wlan0", True, "10.9.9.9")
    assert network.address([kept, given]) == Finding("address", "good", detail="10.9.9.9")


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (Sent(0, 0, ever=False), "none_yet"),
        (Sent(3, PATIENCE_MS + 1, ever=True), "receipts_missing"),
        (Sent(3, PATIENCE_MS, ever=True), None),
        (Sent(0, 0, ever=True), None),
    ],
)
def test_a_receipt_may_be_on_its_way_and_not_for_long(sent: Sent, why: network.Why | None) -> None:
    found = network.receipt(sent)
    assert found == Finding("receipt", "bad" if why else "good", why, str(sent.waiting))


def test_findings_come_back_whole_from_another_process() -> None:
    found = complete([*good("link"), Finding("address", "bad", "no_address", "eth0")])
    assert from_json([as_json(each) for each in found]) == found


@pytest.mark.parametrize(
    "said",
    [
        None, "text", [], [3], [{"step": "moon", "state": "good"}],
        [{"step": "link", "state": "odd"}], [{"step": "link", "state": "bad"}],
        [{"step": "link", "state": "good", "why": "refused"}],
        [{"step": "link", "state": "bad", "why": "moon"}],
    ],
)  # fmt: skip
def test_what_is_no_finding_is_none(said: object) -> None:
    assert from_json(said) == ()
