"""``hailong-fleet unit``, ``counter``, ``import-tree`` and ``export-tree``."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server.cli import main
from fleet_server.settings import Settings
from fleet_server.sheets.reading import FILE_MAX
from fleet_server.store import audit_log, database
from fleet_server.store.edits import importing
from tests.fakes.fleets import new_fleet


@pytest.fixture
def fleet(engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Settings]:
    """A fleet with a district, a ward in it, and a counter there."""
    made = new_fleet(tmp_path / "fleet")
    for words in (
        "unit add --code D --name District --kind district",
        "unit add --code W --name Ward --parent D",
        "counter add --code A --name First --unit W",
    ):
        assert run(made, *words.split()) == 0
    capsys.readouterr()
    yield made
    database.close()


def run(fleet: Settings, *words: str) -> int:
    """Run a command, and open the database again to look."""
    code = main([*words, "--config", str(fleet.path)])
    database.open_database(fleet.database.url)
    return code


def actions() -> list[str]:
    """Return what the audit log says was done, oldest first, but for the beginning."""
    return [one.action for one in audit_log.newest(50)][::-1][3:]


def test_units_are_changed_moved_closed_and_listed(
    fleet: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(fleet, "unit", "change", "W", "--name", "Phường", "--to", "P") == 0
    assert run(fleet, "unit", "move", "P", "--parent", "-") == 0
    assert run(fleet, "unit", "close", "D", "--from", "2026-12-01") == 0
    assert run(fleet, "unit", "list") == 0
    said = capsys.readouterr().out
    assert said == "D  District (district, closed from 2026-12-01)\nP  Phường (unit)\n"
    assert run(fleet, "unit", "reopen", "D") == 0
    assert run(fleet, "unit", "move", "P", "--parent", "D") == 0
    assert actions() == ["unit.change", "unit.move", "unit.close", "unit.reopen", "unit.move"]
    run(fleet, "unit", "list")
    assert "\n  P  Phường (unit)\n" in capsys.readouterr().out


def test_counters_are_renamed_moved_closed_and_listed(
    fleet: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(fleet, "counter", "rename", "A", "--name", "Quầy 1") == 0
    assert run(fleet, "counter", "move", "A", "--unit", "D", "--from", "2026-01-02") == 0
    assert run(fleet, "counter", "close", "A") == 0
    assert run(fleet, "counter", "list", "--unit", "D") == 0
    assert run(fleet, "counter", "list", "--unit", "W") == 0
    assert capsys.readouterr().out.startswith("A  Quầy 1 (in D, closed from ")
    assert run(fleet, "counter", "reopen", "A") == 0
    done = ["counter.change", "counter.move", "counter.close", "counter.reopen"]
    assert actions() == done


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("unit change nowhere --name x", 1, "no unit has the code nowhere"),
        ("unit change W --to D", 1, "a unit has the code D already"),
        ("unit change W --to ă", 2, "1 to 32 letters"),
        ("unit move D --parent W", 1, "can't lie in itself"),
        ("unit close D", 1, "Something open still lies in it"),
        ("counter move A --unit W2", 1, "no unit has the code W2"),
        ("counter move A --unit D --from 9998-01-01", 2, "not on one to come"),
        ("counter move A --unit D --from soon", 2, "is not a date"),
        ("counter list --unit nowhere", 1, "no unit has the code nowhere"),
        ("unit add --code N --name N --kind city --parent W", 1, "can't lie there"),
    ],
)
def test_what_can_not_be_done_is_one_sentence(
    fleet: Settings, capsys: pytest.CaptureFixture[str], words: str, code: int, said: str
) -> None:
    assert run(fleet, *words.split()) == code
    assert said in capsys.readouterr().err
    assert actions() == []


def test_what_is_exported_is_imported_again_and_changes_nothing(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.xlsx"
    assert run(fleet, "export-tree", str(path)) == 0
    assert run(fleet, "import-tree", str(path)) == 0
    assert "Nothing to do." in capsys.readouterr().err
    assert actions() == ["export.tree"]


def test_a_workbook_is_not_written_under_another_kind_of_name(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.csv"
    assert run(fleet, "export-tree", str(path)) == 2
    assert "name it .xlsx" in capsys.readouterr().err
    assert not path.exists()


def test_a_list_is_printed_first_and_then_taken_whole(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Counter code;Counter name;Unit code\nA;Một;W\nB;Hai;W\n")
    assert run(fleet, "import-tree", str(path), "--dry-run") == 0
    said = capsys.readouterr().out
    assert "change  counter A: name “First” → “Một”" in said
    assert "add     counter B: name “Hai”, unit “W”" in said
    assert "counters: 1 added, 1 changed, 0 unchanged" in said
    assert "B" not in importing.fleet().things["counters"]
    assert run(fleet, "import-tree", str(path)) == 0
    assert importing.fleet().things["counters"]["B"]["name"] == "Hai"
    assert actions() == ["tree.import", "counter.change", "counter.add"]


def test_a_list_with_a_wrong_row_is_told_by_row_and_changes_nothing(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Counter code,Counter name,Unit code\nA,Changed,W\nB,Two,nowhere\n")
    assert run(fleet, "import-tree", str(path)) == 1
    captured = capsys.readouterr()
    assert "WRONG   list.csv, row 3, Unit code: No unit has the code nowhere." in captured.out
    assert "nothing was done" in captured.err
    assert actions() == []


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"", 1, "The file is empty."),
        (b"name,place\nA,B\n", 1, "No sheet has headings"),
        (b"x" * (FILE_MAX + 1), 2, "larger than 4 MB"),
    ],
)
def test_a_file_that_is_no_list_is_one_sentence(
    fleet: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
    code: int,
    said: str,
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    assert run(fleet, "import-tree", str(path)) == code
    assert said in capsys.readouterr().err
