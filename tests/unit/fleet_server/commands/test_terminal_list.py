"""``hailong-fleet terminal add --csv``: a list becomes terminals, files and labels, or nothing."""

from pathlib import Path
from typing import get_args

import pytest

from fleet_server.cli import main
from fleet_server.core.tree_import import vocabulary
from fleet_server.settings import Settings
from fleet_server.store import audit_log, database
from fleet_server.store.edits import terminals
from fleet_server.store.models import EnrolmentToken, Terminal
from provisioning.cli import main as provision
from provisioning.enrol import batch, tokens
from tests.fakes.fleets import new_counter, new_fleet
from wire.enrolment import load_toml

Capture = pytest.CaptureFixture[str]


class Office:
    """A fleet with two counters, and a list."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "out"
        self.fleet: Settings = new_fleet(folder / "fleet")
        new_counter(self.fleet, "Q1")
        new_counter(self.fleet, "Q2")

    def add(self, path: Path, *words: str) -> int:
        config = ["--config", str(self.fleet.path)]
        return main(["terminal", "add", "--csv", str(path), *config, *words])

    def listed(self, *lines: str) -> Path:
        path = self.folder / "list.csv"
        path.write_text("\n".join(lines), "utf-8-sig")
        return path

    def held(self) -> dict[str, list[str]]:
        """The open tokens of each terminal."""
        database.open_database(self.fleet.database.url)
        found: dict[str, list[str]] = {row.id: [] for row in Terminal.select()}
        for row in EnrolmentToken.select().where(EnrolmentToken.closed_at.is_null()):
            found[row.terminal_id].append(row.token_sha256)
        database.close()
        return found


@pytest.fixture
def office(engine: str, tmp_path: Path) -> Office:
    """An office of this test's own."""
    return Office(tmp_path)


def test_a_list_becomes_terminals_files_and_labels(office: Office, capsys: Capture) -> None:
    path = office.listed("terminal;counter;panel.rotation", "t-1;Q1;90", "t-2;Q2;")
    capsys.readouterr()
    assert office.add(path, "--out", str(office.out)) == 0
    printed = capsys.readouterr()
    assert printed.out.strip() == str(office.out)
    files = {name: load_toml((office.out / name / batch.FILE).read_text("utf-8"))
             for name in ("t-1", "t-2")}  # fmt: skip
    assert office.held() == {name: [tokens.digest(f.token or "")] for name, f in files.items()}
    first = files["t-1"]
    assert (first.counter_name, first.est_url) == ("Counter Q1", office.fleet.est.url)
    assert first.panel
    assert first.panel.rotation == 90
    assert (office.out / batch.LABELS).read_bytes().startswith(b"%PDF")
    assert not (office.out / batch.TOKENS).exists()


def test_each_wrong_row_is_named_and_nothing_is_done(office: Office, capsys: Capture) -> None:
    assert office.add(office.listed("terminal;counter", "t-1;Q1"), "--out", str(office.out)) == 0
    before, other = office.held(), office.folder / "other"
    database.open_database(office.fleet.database.url)
    terminals.add("t-old", "Q1", None, "", 1, "person:a")
    terminals.retire("t-old", None, "broken", 2, "person:a")
    database.close()
    capsys.readouterr()
    lines = ["t-1;Q1;", "t-2;Q9;", "t-3;Q2;45", "t-old;Q2;", "t-4;Q2;"]
    path = office.listed("terminal;counter;panel.rotation", *lines)
    assert office.add(path, "--out", str(other)) == 1
    said = capsys.readouterr().err
    assert "4 rows can't be used" in said
    assert 'row 2, terminal: "t-1" exists; for a new file add --again' in said
    assert 'row 3, counter: no counter has the code "Q9"' in said
    assert "row 4, panel.rotation: must be 0, 90, 180 or 270" in said
    assert 'row 5, terminal: "t-old" is out of use for good' in said
    assert office.held() == {**before, "t-old": []}
    assert not other.exists()


def test_a_token_that_ran_out_is_not_registered(office: Office, capsys: Capture) -> None:
    assert office.add(office.listed("terminal;counter", "t-1;Q1"), "--out", str(office.out)) == 0
    before = office.held()
    row = f"t-1;Q1;{'0' * 64};2020-01-01T00:00:00.000Z"
    path = office.listed("terminal;counter;token_sha256;expires", row)
    assert office.add(path, "--again") == 1
    said = capsys.readouterr().err
    assert "row 2, expires: its token was good until 2020-01-01T00:00:00.000Z; make new" in said
    assert office.held() == before


@pytest.mark.parametrize("language", get_args(vocabulary.Language))
def test_the_servers_own_list_of_terminals_becomes_files(
    office: Office, language: vocabulary.Language
) -> None:
    headings = [column.headings[language] for column in vocabulary.COLUMNS["terminals"]]
    path = office.listed(";".join(headings), "t-1;Q1;;", "t-2;Q2;DV-1;tủ 3")
    assert office.add(path, "--out", str(office.out)) == 0
    name = vocabulary.COLUMNS["counters"][1].headings[language]
    path = office.listed(";".join([*headings[:2], name]), "t-1;Q1;Quầy 1")
    assert office.add(path, "--again", "--out", str(office.folder / "other")) == 0


def test_again_moves_terminals_and_ends_their_former_tokens(office: Office) -> None:
    assert office.add(office.listed("terminal;counter", "t-1;Q1"), "--out", str(office.out)) == 0
    before = office.held()
    path = office.listed("terminal;counter", "t-1;Q2")
    assert office.add(path, "--again", "--out", str(office.folder / "other")) == 0
    assert office.held()["t-1"] != before["t-1"]
    assert len(office.held()["t-1"]) == 1
    database.open_database(office.fleet.database.url)
    assert Terminal.get_by_id("t-1").counter.code == "Q2"
    assert audit_log.newest(2)[1].action == "terminal.move"
    database.close()


def test_files_made_elsewhere_are_registered_in_one_go(office: Office, capsys: Capture) -> None:
    path = office.listed("terminal;counter;counter_name", "t-1;Q1;Quầy 1", "t-2;Q2;Quầy 2")
    words = ["--est-url", "https://h:1", "--mqtt-host", "h", "--out", str(office.out)]
    place = ["--dir", str(office.fleet.layout.directory)]
    assert provision(["enrolment", *place, "--csv", str(path), *words]) == 0
    capsys.readouterr()
    assert office.add(office.out / batch.TOKENS) == 0
    assert "2 terminals registered" in capsys.readouterr().out
    made = {name: load_toml((office.out / name / batch.FILE).read_text("utf-8"))
            for name in ("t-1", "t-2")}  # fmt: skip
    assert office.held() == {name: [tokens.digest(f.token or "")] for name, f in made.items()}
    database.open_database(office.fleet.database.url)
    assert {row.expires_at for row in EnrolmentToken.select()} == {made["t-1"].expires}
    database.close()


def test_rows_with_and_without_a_token_are_not_mixed(office: Office, capsys: Capture) -> None:
    path = office.listed("terminal;counter;token_sha256", f"t-1;Q1;{'0' * 64}", "t-2;Q2;")
    assert office.add(path) == 1
    assert "row 3, token_sha256: all rows have one, or none has" in capsys.readouterr().err
    assert office.held() == {}


def test_what_the_database_refuses_leaves_no_file(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fleet_server.store.enrolment.add_token", full)
    path = office.listed("terminal;counter", "t-1;Q1")
    assert office.add(path, "--out", str(office.out)) == 1
    assert "No space left" in capsys.readouterr().err
    assert not office.out.exists()
    assert office.held() == {}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--csv", "{list}"], "--out NEW"),
        (["--csv", "{list}", "--counter", "Q1"], "stand in the list"),
        (["--id", "t-1"], "--counter is needed"),
    ],
)
def test_words_that_do_not_go_together_are_refused(
    office: Office, capsys: Capture, words: list[str], complaint: str
) -> None:
    path = office.listed("terminal;counter", "t-1;Q1")
    filled = [word.format(list=path) for word in words]
    assert main(["terminal", "add", *filled, "--config", str(office.fleet.path)]) == 2
    assert complaint in capsys.readouterr().err
