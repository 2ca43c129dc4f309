"""The log of changes can't be changed without a trace."""

from dataclasses import replace

from fleet_server.core.audit_log import ROOT, Entry, faults


def log(length: int) -> list[tuple[Entry, str]]:
    found: list[tuple[Entry, str]] = []
    previous = ROOT
    for number in range(1, length + 1):
        entry = Entry(number, number, "person:a@b.vn", "unit.add", "unit:P1", "{}", previous)
        previous = entry.hash
        found.append((entry, previous))
    return found


def test_a_log_that_nobody_touched_is_in_order() -> None:
    assert list(faults(log(3))) == []
    assert list(faults([])) == []


def test_an_entry_that_was_changed_is_named() -> None:
    held = log(3)
    held[1] = (replace(held[1][0], actor="person:x@b.vn"), held[1][1])
    assert list(faults(held)) == ["audit log: entry 2 was changed"]


def test_a_changed_entry_with_a_new_hash_breaks_the_one_after_it() -> None:
    held = log(3)
    changed = replace(held[1][0], at=9)
    held[1] = (changed, changed.hash)
    assert list(faults(held)) == ["audit log: entry 3 does not follow the one before it"]


def test_entries_that_were_cut_out_are_missed() -> None:
    held = log(4)
    assert list(faults([held[0], held[3]])) == [
        "audit log: entries 2 to 3 are missing",
        "audit log: entry 4 does not follow the one before it",
    ]
