"""Backups, restores and moves between engines, by the commands."""

import json
import os
import shutil
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fleet_server import clock
from fleet_server.backups import file as packed_file
from fleet_server.backups import making
from fleet_server.cli import main
from fleet_server.settings import Settings, load
from fleet_server.store import audit_log, database, tallies
from fleet_server.store.models import Matter, Record, Unit
from provisioning.progress import Bar
from tests.fakes import databases, former
from tests.fakes.fleets import new_fleet
from tests.fakes.ingest import Ingest, new_signer
from tests.fakes.office import Office
from tests.fakes.wait import eventually

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Give a function that returns a fleet directory with an office and signed records."""

    def make() -> Path:
        fleet = new_fleet(tmp_path_factory.mktemp("busy") / "fleet")
        database.open_database(fleet.database.url)
        Office().fill()
        server = Ingest(new_signer())
        writer = server.enrol("t-signed", "B1")
        writer.start()
        writer.presses(5)
        server.send("t-signed", writer.tokens)
        database.close()
        return fleet.path.parent

    return databases.once_for_each(make)


@pytest.fixture
def fleet(busy: Callable[[], Path], tmp_path: Path) -> Iterator[Settings]:
    yield databases.copied_fleet(busy(), tmp_path / "fleet")
    database.close()


def run(fleet: Settings, *words: object) -> int:
    return main([*map(str, words), "--config", str(fleet.path)])


def everything(url: str) -> dict[str, list[former.Row]]:
    """Return all rows of all tables, but for the audit log, which tells of the backup itself."""
    opened = database.open_database(url)
    names = [n for n in opened.get_tables() if n not in ("schema_migration", "audit_entry")]
    held = {name: former.held(name) for name in names}
    database.close()
    return held


def empty_again(fleet: Settings, tmp_path: Path) -> None:
    """Put an empty database in the place of the fleet's."""
    other = tmp_path / "other"
    other.mkdir()
    url = databases.made(other)
    databases.name_url(fleet.path.parent, url)


def test_a_backup_that_is_put_back_is_everything_there_was(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(fleet.database.url)
    file = tmp_path / "one.backup"
    assert run(fleet, "backup", file) == 0
    assert "read again and found whole. It holds no keys." in capsys.readouterr().out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    empty_again(fleet, tmp_path)
    assert run(fleet, "restore", file) == 0
    now = everything(load(fleet.path).database.url)
    assert now == before
    assert len(before["record"]) > 5
    assert run(fleet, "verify") == 1  # the office's own rows are only painted


def test_new_rows_get_new_numbers_after_a_restore(fleet: Settings, tmp_path: Path) -> None:
    file = tmp_path / "one.backup"
    assert run(fleet, "backup", file) == 0
    assert run(fleet, "restore", file, "--replace") == 0
    database.open_database(fleet.database.url)
    with database.writing():
        Matter.create(kind="fork", subject="new", opened_at=0, details={})
        Unit.create(code="NEW", name="New")


def test_a_backup_says_when_and_what_it_is_and_holds_no_key(
    fleet: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "one.backup"
    assert run(fleet, "backup", file) == 0
    manifest = packed_file.read(file)
    assert manifest.fleet == "Test fleet"
    assert manifest.rows["counter"] == 7
    with zipfile.ZipFile(file) as pack:
        assert sorted(pack.namelist()) == ["fleet.db", "fleet.toml", "manifest.json"]
    secrets = [path.read_bytes() for path in fleet.layout.secrets.iterdir()]
    assert all(secret.strip() not in file.read_bytes() for secret in secrets if secret.strip())


def test_backup_and_restore_are_in_the_audit_log(fleet: Settings, tmp_path: Path) -> None:
    file = tmp_path / "one.backup"
    assert run(fleet, "backup", file) == 0
    assert run(fleet, "restore", file, "--replace") == 0
    database.open_database(fleet.database.url)
    [put_back] = audit_log.newest(1)
    assert (put_back.action, put_back.subject) == ("backup.restore", "backup:one.backup")
    assert put_back.actor.startswith("command:")
    assert list(audit_log.wrong()) == []


def test_what_is_written_meanwhile_is_in_it_whole_or_not_at_all(
    fleet: Settings, tmp_path: Path
) -> None:
    stop = threading.Event()
    wrote: list[int] = []

    def write() -> None:
        opened = database.proxy.obj
        while not stop.is_set():
            with opened.atomic():
                number = len(wrote)
                opened.execute_sql(
                    "INSERT INTO tally (name, value) VALUES "
                    f"('left{number}', 1), ('right{number}', 1)"
                )
            wrote.append(number)
        opened.end()

    database.open_database(fleet.database.url)
    thread = threading.Thread(target=write)
    thread.start()
    try:
        eventually(lambda: len(wrote) > 3, 10, "some rows")
        making.make(fleet, tmp_path / "a.backup", clock.now_ms(), "command:me", Bar())
    finally:
        stop.set()
        thread.join()
    empty_again(fleet, tmp_path)
    assert run(fleet, "restore", tmp_path / "a.backup") == 0
    names = [row["name"] for row in everything(load(fleet.path).database.url)["tally"]]
    left = {name[4:] for name in names if name.startswith("left")}
    right = {name[5:] for name in names if name.startswith("right")}
    assert left == right
    assert left


def test_a_folder_gets_a_file_that_is_named_by_the_time(fleet: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    assert run(fleet, "backup", folder) == 0
    [file] = folder.iterdir()
    assert file.name.startswith("hailong-20")


def test_a_name_that_ends_in_a_slash_is_a_folder_and_made(fleet: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    assert run(fleet, "backup", f"{folder}/", "--keep", "5") == 0
    assert folder.stat().st_mode & 0o777 == 0o700
    [file] = folder.iterdir()
    assert file.name.startswith("hailong-20")
    file.unlink()
    assert run(fleet, "backup", f"{folder}/") == 0, "it may be there already"
    assert run(fleet, "backup", f"{tmp_path}/missing/backups/") == 1, "a disk that is not mounted"


def test_no_file_is_overwritten(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "one.backup"
    file.write_text("something dear")
    assert run(fleet, "backup", file) == 1
    assert "is there already" in capsys.readouterr().err
    assert file.read_text() == "something dear"


def test_a_fleet_that_is_not_empty_is_replaced_only_when_asked(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "one.backup"
    assert run(fleet, "backup", file) == 0
    database.open_database(fleet.database.url)
    Unit.update(name="since").execute()
    before = everything(fleet.database.url)
    assert run(fleet, "restore", file) == 1
    assert "add --replace" in capsys.readouterr().err
    assert everything(fleet.database.url) == before
    assert run(fleet, "restore", file, "--replace") == 0
    assert everything(fleet.database.url) != before


def test_only_so_many_of_the_backups_that_were_named_by_time_stay(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    names = [f"hailong-2025010{day}-020000.backup" for day in range(1, 5)]
    for name in (*names, "hailong-99990101-000000.backup", "by-hand.backup", "hailong-x.backup"):
        (folder / name).touch()
    assert run(fleet, "backup", folder, "--keep", 3) == 0
    left = sorted(path.name for path in folder.iterdir())
    [made] = [name for name in left if name.startswith("hailong-20") and name not in names]
    assert left == sorted(
        [names[3], made, "hailong-99990101-000000.backup", "by-hand.backup", "hailong-x.backup"]
    )
    assert capsys.readouterr().out.count("removed") == 3


def test_what_lies_aside_of_a_backup_that_was_cut_off_goes_and_of_one_that_runs_stays(
    fleet: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    cut_off, running = folder / ".hailong-cut", folder / ".hailong-now"
    for one in (cut_off, running):
        one.mkdir(parents=True)
        (one / "rows").touch()
    yesterday = cut_off.stat().st_mtime - 86_400
    os.utime(cut_off, (yesterday, yesterday))
    assert run(fleet, "backup", folder, "--keep", 3) == 0
    assert not cut_off.exists()
    assert running.exists()


def test_others_are_removed_from_a_folder_only(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(fleet, "backup", tmp_path / "one.backup", "--keep", 3) == 2
    assert "is no folder" in capsys.readouterr().err
    assert not (tmp_path / "one.backup").exists()
    assert run(fleet, "backup", tmp_path, "--keep", 0) == 2


@pytest.mark.parametrize("process", [tallies.INGEST, tallies.JOBS])
def test_nothing_is_put_back_while_a_process_writes(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], process: str
) -> None:
    file = tmp_path / "one.backup"
    assert run(fleet, "backup", file) == 0
    database.open_database(fleet.database.url)
    tallies.alive(process, clock.now_ms() - 3_000)
    database.close()
    assert run(fleet, "restore", file, "--replace") == 1
    assert "end the fleet's processes first" in capsys.readouterr().err


def damaged(file: Path, place: float) -> None:
    """Change a byte of the rows; a header has some that mean nothing."""
    with zipfile.ZipFile(file) as pack:
        rows = pack.getinfo(packed_file.ROWS)
    data = bytearray(file.read_bytes())
    data[rows.header_offset + 60 + int(rows.compress_size * place)] ^= 0x55
    file.write_bytes(data)


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def of_another_form(file: Path) -> None:
    _rewritten(file, lambda said: said | {"format": "hailong-backup-9"})


def of_a_newer_version(file: Path) -> None:
    _rewritten(file, lambda said: said | {"steps": [*said["steps"], "9999_later"]})


def with_rows_missing(file: Path) -> None:
    _rewritten(file, lambda said: said | {"rows": {**said["rows"], "record": 99}})


def _rewritten(file: Path, change: Callable[[dict[str, object]], dict[str, object]]) -> None:
    with zipfile.ZipFile(file) as pack:
        members = {name: pack.read(name) for name in pack.namelist()}
    members["manifest.json"] = json.dumps(change(json.loads(members["manifest.json"]))).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in members.items():
            pack.writestr(name, data)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda file: damaged(file, 0.3), "another"),
        (lambda file: damaged(file, 0.7), "another"),
        (cut_off, "no whole backup"),
        (lambda file: file.write_bytes(b""), "no whole backup"),
        (lambda file: file.write_bytes(b"PK\x03\x04" * 50), "no whole backup"),
        (lambda file: file.unlink(), "can't be read"),
        (of_another_form, "doesn't know"),
        (of_a_newer_version, "9999_later"),
        (with_rows_missing, "rows are damaged"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_and_changes_nothing(
    fleet: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    harm: Callable[[Path], object],
    told: str,
) -> None:
    file = tmp_path / "one.backup"
    assert run(fleet, "backup", file) == 0
    before = everything(fleet.database.url)
    harm(file)
    capsys.readouterr()
    assert run(fleet, "restore", file, "--replace") == 1
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
    assert everything(fleet.database.url) == before


def test_a_restore_that_fails_half_way_changes_nothing(
    fleet: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "one.backup"
    assert run(fleet, "backup", file) == 0
    before = everything(fleet.database.url)
    monkeypatch.setattr(audit_log, "note", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(fleet, "restore", file, "--replace")
    assert everything(fleet.database.url) == before


def test_a_backup_of_a_former_version_is_brought_forward(fleet: Settings, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    former.filled(f"sqlite:{old / 'fleet.db'}", "0002_commands")
    opened = database.proxy.obj
    rows = {n: len(former.held(n)) for n in opened.get_tables() if n != "schema_migration"}
    opened.pragma("journal_mode", "delete")
    database.close()
    shutil.copyfile(fleet.path, old / "fleet.toml")
    files = {
        name: packed_file.digest((old / name).open("rb")) for name in ("fleet.db", "fleet.toml")
    }
    steps = ("0001_initial", "0002_commands")
    packed = packed_file.pack(old, packed_file.Manifest("Old", 5, steps, rows, files))
    assert run(fleet, "restore", packed, "--replace") == 0
    held = everything(fleet.database.url)
    assert [row["code"] for row in held["counter"]] == ["P1-01", "Q3-01"]
    assert {row["kind"] for row in held["unit"]} == {"unit"}


@pytest.mark.parametrize("other", databases.ENGINES)
def test_a_fleet_moves_to_another_database_of_either_engine(
    fleet: Settings, tmp_path: Path, other: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(fleet.database.url)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with databases.using(other):
        url = databases.empty(elsewhere)
    assert run(fleet, "copy-database", "--to", url) == 0
    assert f'url = "{url}"' in capsys.readouterr().out
    assert everything(url) == before
    assert everything(fleet.database.url) == before
    assert run(fleet, "copy-database", "--to", url) == 1
    assert "is not empty" in capsys.readouterr().err
    assert run(fleet, "copy-database", "--to", "postgresql://u:secret@h/n") == 2
    said = capsys.readouterr().err
    assert "must hold no password" in said
    assert "secret" not in said


def test_all_that_is_held_is_there_after_moving_over_and_back(
    fleet: Settings, tmp_path: Path
) -> None:
    """The evidence is the same bytes after SQLite, PostgreSQL and SQLite again."""
    database.open_database(fleet.database.url)
    before = [(row.hash, bytes(row.jws)) for row in Record.select().order_by(Record.id)]
    for number, other in enumerate((*databases.ENGINES, *databases.ENGINES)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with databases.using(other):
            url = databases.empty(folder)
        assert run(fleet, "copy-database", "--to", url) == 0
        databases.name_url(fleet.path.parent, url)
    database.open_database(load(fleet.path).database.url)
    assert [(row.hash, bytes(row.jws)) for row in Record.select().order_by(Record.id)] == before
    assert before
