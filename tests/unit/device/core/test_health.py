"""The health report: what is in it, and when it is due."""

from dataclasses import replace

from device.core.health import LEAST_BETWEEN_MS, SILENT_AFTER_MS, Facts, is_due, report
from device.core.machine import Machine
from wire.up import decode_health, encode_up

FACTS = Facts(
    at=1_790_000_000_000,
    up=60_000,
    boot="b" * 32,
    clock="synced",
    firmware="1.0",
    chain="c" * 32,
    head_seq=7,
    waiting=2,
    oldest_waiting_at=1_789_999_999_000,
    events={"config_n": 3},
    figures={"image": "7"},
    machine=Machine(disk_free=100 << 20),
)


def later(ms: int, **more: object) -> Facts:
    return replace(FACTS, up=FACTS.up + ms, **more)  # type: ignore[arg-type]


def test_a_report_says_what_is_known() -> None:
    said = decode_health(encode_up(report(replace(FACTS, terminal={"rejected": 1}))))
    assert (said.waiting, said.oldest_waiting_at, said.head_seq) == (2, 1_789_999_999_000, 7)
    assert said.details == {
        "config_n": 3,
        "image": "7",
        "disk_free_mib": 100,
        "camera": "none",
        "microphone": "none",
        "terminal": {"rejected": 1},
    }


def test_without_word_from_the_terminal_nothing_is_said_of_it() -> None:
    assert "terminal" not in report(FACTS).details


def test_what_the_terminal_says_is_bounded() -> None:
    said = report(replace(FACTS, terminal={str(n): n for n in range(1000)}))
    assert len(said.details["terminal"]) == 64
    odd = {"n": None, "s": "x" * 999, "deep": {"a": {"b": {"c": 1}}}, "many": list(range(999))}
    kept = report(replace(FACTS, terminal=odd)).details["terminal"]
    assert (kept["n"], len(kept["s"]), len(kept["many"])) == (None, 200, 64)
    assert kept["deep"] == {"a": {"b": "…"}}


def test_a_terminal_process_that_hangs_is_told_instead_of_what_it_said_before() -> None:
    hanging = replace(FACTS, terminal={"rejected": 1}, silence=SILENT_AFTER_MS)
    details = report(hanging).details
    assert details["terminal_silent_s"] == SILENT_AFTER_MS // 1000
    assert "terminal" not in details
    assert is_due(later(5_000, silence=SILENT_AFTER_MS), FACTS, 60_000)


def test_the_first_report_is_due_at_once() -> None:
    assert is_due(FACTS, None, 60_000)


def test_a_report_is_due_each_minute() -> None:
    assert not is_due(later(59_999), FACTS, 60_000)
    assert is_due(later(60_000), FACTS, 60_000)


def test_a_report_is_due_on_a_change_that_matters_but_not_too_often() -> None:
    for change in (
        {"clock": "unset"},
        {"chain": "d" * 32},
        {"events": {"config_n": 4}},
        {"terminal": {"faults": ["button_stuck"]}},
        {"terminal": {"out_of_service": True}},
        {"terminal": {"config_version": 2}},
        {"machine": Machine(throttled=1)},
    ):
        assert is_due(later(LEAST_BETWEEN_MS, **change), FACTS, 60_000)
        assert not is_due(later(LEAST_BETWEEN_MS - 1, **change), FACTS, 60_000)


def test_a_press_more_makes_no_report_due() -> None:
    more = later(5_000, waiting=9, head_seq=14, terminal={"presses": 3})
    assert not is_due(more, FACTS, 60_000)
