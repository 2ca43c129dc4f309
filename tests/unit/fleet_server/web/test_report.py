"""The health report as lines to read."""

from fleet_server.web.terminals.report import LIMIT, lines


def test_what_is_empty_or_told_elsewhere_is_left_out() -> None:
    report = {"at": 1, "boot": "b", "disk": 5, "none": None, "off": False, "faults": [], "by": {}}
    assert lines(report) == [("disk", 5)]
    assert lines(None) == []


def test_what_only_an_update_waits_for_is_left_out() -> None:
    assert lines({"terminal": {"pulse": {"drawn": True, "idle_s": 7}, "presses": 1}}) == [
        ("Presses", 1)
    ]


def test_figures_of_a_part_carry_its_name() -> None:
    report = {"link": {"noise": {"left": 3, "right": 0}, "faults": ["disk", "clock"], "up": 9}}
    assert lines(report) == [
        ("link.noise", "left 3, right 0"),
        ("link.faults", "disk, clock"),
        ("link.up", 9),
    ]


def test_codes_are_told_in_words() -> None:
    report = {
        "up": 7_300_000,
        "network": {"kind": "wifi", "address": "10.0.0.3"},
        "terminal": {"rejected": {"locked": 2}, "faults": ["button_stuck satisfied"]},
    }
    assert [(str(name), value) for name, value in lines(report)] == [
        ("Running for (hours)", 2),
        ("Network", "Wi-Fi"),
        ("Local address", "10.0.0.3"),
        ("Rejected presses", "pressed twice 2"),
        ("Faults now", "a button is stuck satisfied"),
    ]


def test_journal_and_self_test_are_told_in_words() -> None:
    report = {
        "config_n": 1_795_650_994_021,
        "refused": {"refused": 6, "old": 1},
        "terminal": {
            "journal": {"checked_at": None, "records": 8, "trouble": "damaged", "refused": {}},
            "self_test": {"good": False, "tried": ["screen", "top_left"], "missing": ["top_left"]},
        },
    }
    assert [(str(name), value) for name, value in lines(report)] == [
        ("Refused messages", "refused 6, outdated 1"),
        ("Records in the last check of the journal", 8),
        ("Trouble of the journal", "damaged"),
        ("Last self-test: what did not work", "top left"),
    ]


def test_a_technician_learns_which_button_is_ill() -> None:
    report = {"terminal": {"noise": {"satisfied": 2}, "stuck": {"unsatisfied": 1}}}
    assert [value for _name, value in lines(report)] == ["satisfied 2", "unsatisfied 1"]


def test_zero_is_a_figure() -> None:
    assert lines({"waiting": 0}) == [("waiting", 0)]


def test_a_report_without_end_is_cut() -> None:
    assert len(lines({str(number): "x" for number in range(500)})) == LIMIT


def test_presses_are_not_told_by_choice() -> None:
    presses = {"very_satisfied": 3, "satisfied": 2, "unsatisfied": 1}
    assert [value for _name, value in lines({"terminal": {"presses": presses}})] == [6]
    assert [value for _name, value in lines({"presses": {"unsatisfied": 1}})] == [1]
