"""What a technician is told from afar, and what never."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from device.core.policy import Policy
from device.identity.files import IdentityFiles
from device.journal.reader import JournalReader
from device.remote.diagnostics import LONGEST, Diagnostics, RecentWarnings, strike_out
from device.settings import Settings, parse
from tests.fakes.journals import StillClock, journal, rating
from wire import keys

SECRET = "Zu5kJq1"  # in every secret that is planted, also where only a part would be shown


@pytest.fixture
def warnings() -> Iterator[RecentWarnings]:
    kept = RecentWarnings()
    logging.getLogger().addHandler(kept)
    yield kept
    logging.getLogger().removeHandler(kept)


def settings(data: Path) -> Settings:
    text = f"""
[terminal]
id = "t-1"
counter = "Q1"
counter_name = "Quay {SECRET}"
data = "{data}"
[uplink]
enrolment = "{SECRET}/enrolment.toml"
"""
    return parse(text.encode(), data)


def diagnostics(data: Path, warnings: RecentWarnings, **more: Any) -> Diagnostics:
    made = Diagnostics(
        settings(data),
        {"firmware": "1.2.3", "image": "none"},
        StillClock(),
        JournalReader(data),
        Policy,
        lambda: {"presses": {"satisfied": 3, "unsatisfied": 4}, "faults": []},
        lambda: {"disk_free_mib": 900, "throttled": "0x50000"},
        warnings,
    )
    return replace(made, **more)


def test_it_is_one_line_of_json_with_what_helps(tmp_path: Path, warnings: RecentWarnings) -> None:
    book = journal(tmp_path)
    book.append(rating())
    logging.getLogger("device.x").warning("the screen flickers")
    line = diagnostics(tmp_path, warnings).line()
    assert "\n" not in line
    said = json.loads(line)
    assert said["versions"]["firmware"] == "1.2.3"
    assert (said["journal"]["chains"], said["journal"]["records"]) == (1, 2)
    assert said["machine"]["throttled"] == "0x50000"
    assert said["counter"] == {"presses": 7, "faults": []}, "no count by choice"
    assert said["settings"]["policy"]["version"] == 0
    assert said["clock"]["quality"] == "synced"
    assert said["warnings"] == ["WARNING the screen flickers"]


def test_no_planted_secret_is_in_it(tmp_path: Path, warnings: RecentWarnings) -> None:
    data = tmp_path / SECRET
    journal(data)
    files = IdentityFiles(data)
    key = files.load_or_make_key()
    for name in ("fleet.json", "ca.pem", "next.key", "former.json"):
        (files.folder / name).write_text(SECRET)
    (data / "commands.json").write_text(SECRET)
    (tmp_path / "enrolment.toml").write_text(f'token = "{SECRET * 5}"')
    log = logging.getLogger("device.x")
    private = str(key.as_dict(private=True)["d"])
    for line in (
        f"{files.key}: cannot be read",
        f"token {SECRET * 5} was refused",
        f"Authorization: Bearer {private}",
        f"psk={SECRET}",
        f"Password : {SECRET}",
        f"ssid={SECRET}",
        f"https://user:{SECRET}@host/x",
        f"user@{SECRET} knows",
        keys.dump_private(key).decode(),
    ):
        log.error(line)
    line = diagnostics(data, warnings).line()
    assert SECRET not in line
    assert private not in line
    assert keys.x_of(key) not in line
    assert "device.key" not in line
    assert len(json.loads(line)["warnings"]) == 9


def test_it_is_bounded_and_the_newest_lines_stay(tmp_path: Path, warnings: RecentWarnings) -> None:
    journal(tmp_path)
    log = logging.getLogger("device.x")
    for number in range(100):
        log.error("%d %s", number, "ấy là " * 200)
    line = diagnostics(tmp_path, warnings).line()
    assert len(line) <= LONGEST
    shown = json.loads(line)["warnings"]
    assert shown[-1].startswith("ERROR 99 ")
    assert len(warnings.lines()) == 20


def test_facts_without_end_are_still_bounded(tmp_path: Path, warnings: RecentWarnings) -> None:
    many = {str(number): "x" * 50 for number in range(500)}
    line = diagnostics(tmp_path, warnings, desk=lambda: many).line()
    assert len(line) <= LONGEST
    assert "versions" in json.loads(line)


def test_a_journal_that_cannot_be_read_is_said(tmp_path: Path, warnings: RecentWarnings) -> None:
    journal(tmp_path).close()
    (tmp_path / "journal" / "journal.db").write_bytes(b"nothing" * 1000)
    said = json.loads(diagnostics(tmp_path, warnings).line())
    assert "trouble" in said["journal"]


def test_a_line_that_cannot_be_formatted_stops_nobody(warnings: RecentWarnings) -> None:
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "%d", ("a",), None)
    warnings.handle(record)
    assert warnings.lines() == ["ERROR a line that cannot be shown"]


def test_control_characters_and_line_ends_are_gone() -> None:
    assert strike_out("a\nb\x1b[31m\u202ec") == "a b [31m c"
