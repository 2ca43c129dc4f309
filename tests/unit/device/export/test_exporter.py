"""Exporting to sticks: folders with a marker, among them such as nobody should trust."""

import errno
import hashlib
import os
import shutil
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from device.core.exporting import Notice
from device.export import exporter as exporting
from device.export import memory
from device.export.exporter import Exporter
from device.export.sticks import MARKER
from device.journal.opening import FOLDER
from device.journal.reader import JournalReader
from device.settings import ExportSettings
from tests.fakes.journals import DEV, StillClock, everything, opened, rating
from tests.fakes.wait import eventually

CODE = "the-code-of-our-sticks"


def settings_of(folder: Path) -> ExportSettings:
    return ExportSettings(folder, sha256(CODE.encode()).hexdigest())


class Site:
    """A terminal with 300 records, and a folder where sticks appear."""

    def __init__(self, folder: Path) -> None:
        self.media = folder / "media"
        self.media.mkdir()
        self.data = folder / "data"
        self.clock = StillClock()
        self.journal = opened(self.data, self.clock).journal
        self.press(299)
        self.told: list[Notice | None] = []
        self.exporter = self.restarted()

    def restarted(self) -> Exporter:
        reader = JournalReader(self.data)
        self.exporter = Exporter(
            self.data, settings_of(self.media), DEV, reader, self.clock, self.told.append
        )
        return self.exporter

    def press(self, count: int) -> None:
        for _ in range(count):
            self.clock.advance(1000)
            self.journal.append(rating())

    def stick(self, name: str = "usb", marker: str = CODE) -> Path:
        path = self.media / name
        path.mkdir()
        (path / MARKER).write_text(marker)
        return path

    def pull(self, name: str = "usb") -> None:
        shutil.rmtree(self.media / name)
        self.exporter.look()

    @property
    def outcome(self) -> str | None:
        last = self.told[-1]
        return last.outcome if last else None

    def tokens(self) -> list[bytes]:
        return [entry.token for entry in everything(self.data)]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def files(stick: Path) -> list[Path]:
    return sorted(stick.glob("*.records"))


def test_a_stick_with_the_marker_gets_every_record_and_a_checksum(site: Site) -> None:
    stick = site.stick()
    site.exporter.look()
    [file] = files(stick)
    assert file.name == "hailong-t-1-20260921T141819Z.records"
    assert file.read_bytes().split(b"\n") == [*site.tokens(), b""]
    words = (stick / f"{file.name}.sha256").read_text().split()
    assert words == [hashlib.sha256(file.read_bytes()).hexdigest(), file.name]
    assert site.told == [Notice(0, 300), Notice(200, 300), Notice(300, 300, "done")]
    assert sorted(path.name for path in stick.iterdir())[0] == MARKER


def test_the_next_stick_gets_only_what_is_new(site: Site) -> None:
    site.stick()
    site.exporter.look()
    site.pull()
    assert site.told[-1] is None
    site.press(7)
    site.restarted()
    stick = site.stick()
    site.exporter.look()
    [file] = files(stick)
    assert file.read_bytes().splitlines() == site.tokens()[-7:]
    site.pull()
    site.stick()
    site.exporter.look()
    assert site.told[-1] == Notice(0, 0, "nothing")


def test_a_marker_that_says_all_gets_everything_again(site: Site) -> None:
    site.stick()
    site.exporter.look()
    site.pull()
    stick = site.stick(marker=f"{CODE} ALL\n")
    site.exporter.look()
    assert files(stick)[0].read_bytes().splitlines() == site.tokens()


def test_a_stick_is_exported_to_once_as_long_as_it_is_in(site: Site) -> None:
    stick = site.stick()
    for _ in range(5):
        site.press(1)
        site.exporter.look()
    assert len(files(stick)) == 1


def test_the_outcome_goes_after_a_quarter_of_a_minute_although_the_stick_stays(site: Site) -> None:
    site.stick()
    for _ in range(9):
        site.exporter.look()
    assert site.told[-1] is None


@pytest.mark.parametrize("marker", ["", "all", "wrong", f"{CODE}x", f"x{CODE} all", CODE * 9])
def test_a_stick_without_the_code_gets_nothing(site: Site, marker: str) -> None:
    stick = site.stick(marker=marker)
    site.exporter.look()
    assert files(stick) == []


def test_without_a_code_in_the_settings_nobody_looks_for_sticks(site: Site) -> None:
    reader = JournalReader(site.data)
    exporter = Exporter(
        site.data, ExportSettings(site.media), DEV, reader, site.clock, site.told.append
    )
    exporter.start()
    assert "export" not in [thread.name for thread in threading.enumerate()]
    exporter.stop()


def test_folders_without_a_true_marker_are_left_alone(site: Site, tmp_path: Path) -> None:
    (site.media / "plain").mkdir()
    (site.media / "file").write_text("x")
    pipe = site.media / "pipe"
    pipe.mkdir()
    os.mkfifo(pipe / MARKER)
    folder = site.media / "folder" / MARKER
    folder.mkdir(parents=True)
    linked = site.media / "linked"
    linked.mkdir()
    (tmp_path / "secret").write_text(CODE)
    (linked / MARKER).symlink_to(tmp_path / "secret")
    site.stick("real")
    (site.media / "elsewhere").symlink_to(tmp_path)
    (tmp_path / MARKER).write_text(CODE)
    site.exporter.look()
    assert len(files(site.media / "real")) == 1
    left = [path for path in tmp_path.rglob("*.records") if "real" not in path.parts]
    assert left == []


def test_links_on_a_stick_are_not_followed_nor_other_files_overwritten(
    site: Site, tmp_path: Path
) -> None:
    stick = site.stick()
    victim = tmp_path / "victim"
    victim.write_text("precious")
    name = "hailong-t-1-20260921T141819Z"
    (stick / f"{name}.records").symlink_to(victim)
    (stick / f"{name}-2.records.sha256").write_text("a file of somebody")
    (stick / f".{name}-3.records.partial").symlink_to(victim)
    site.exporter.look()
    assert victim.read_text() == "precious"
    assert (stick / f"{name}.records").is_symlink()
    assert (stick / f"{name}-2.records.sha256").read_text() == "a file of somebody"
    assert (stick / f"{name}-3.records").read_bytes().splitlines() == site.tokens()
    assert site.outcome == "done"


@pytest.mark.parametrize(
    ("code", "outcome"),
    [(errno.ENOSPC, "full"), (errno.EROFS, "read_only"), (errno.EIO, "failed")],
)
def test_a_stick_that_refuses_is_told_and_tried_again_only_when_it_is_put_in_anew(
    site: Site, monkeypatch: pytest.MonkeyPatch, code: int, outcome: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    stick = site.stick()
    with monkeypatch.context() as patch:
        patch.setattr(exporting, "write_export", refuse)
        site.exporter.look()
    assert site.outcome == outcome
    site.exporter.look()
    assert files(stick) == []
    site.pull()
    stick = site.stick()
    site.exporter.look()
    assert files(stick)[0].read_bytes().splitlines() == site.tokens()


def test_a_stick_pulled_out_in_the_middle_loses_nothing(site: Site) -> None:
    stick = site.stick()

    def pull(notice: Notice | None) -> None:
        site.told.append(notice)
        if notice and notice.done == 200:
            shutil.rmtree(stick)

    site.exporter._tell = pull
    site.exporter.look()
    assert site.outcome == "failed"
    assert memory.read(site.data) == {}
    site.exporter._tell = site.told.append
    site.exporter.look()
    stick = site.stick()
    site.exporter.look()
    assert files(stick)[0].read_bytes().splitlines() == site.tokens()


def test_what_an_interrupted_export_left_is_cleared_away(site: Site) -> None:
    stick = site.stick()
    (stick / ".hailong-t-1-20260921T141819Z.records.partial").write_bytes(b"half")
    site.exporter.look()
    assert [path.name for path in stick.iterdir() if path.name.startswith(".")] == []


def test_without_the_time_the_file_is_named_after_the_start(site: Site) -> None:
    site.clock.now_is = "unset"
    stick = site.stick()
    site.exporter.look()
    assert files(stick)[0].name == "hailong-t-1-boot-b0b0b0b0.records"


def test_a_memory_of_another_journal_or_none_exports_everything(site: Site) -> None:
    chain = everything(site.data)[0].chain
    for number, spoilt in enumerate((b"{", b"[1]", b'{"%s": [9, "x"]}' % chain.encode())):
        (site.data / memory.FILE).write_bytes(spoilt)
        stick = site.stick(f"usb{number}")
        site.exporter.look()
        assert files(stick)[0].read_bytes().splitlines() == site.tokens()


def test_a_journal_that_cannot_be_read_is_told(site: Site) -> None:
    (site.data / FOLDER / "journal.db").rename(site.data / "away")
    (site.data / FOLDER / "journal.db").write_bytes(b"")
    site.stick()
    site.exporter.look()
    assert site.outcome == "failed"


def test_presses_go_on_and_the_thread_ends_in_the_middle(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device.core.exporting.LOOK_EVERY_S", 0.01)
    stick = site.stick()

    def stop(notice: Notice | None) -> None:
        site.told.append(notice)
        site.exporter._stopping.set()

    site.exporter._tell = stop
    site.exporter.start()
    site.press(3)
    eventually(lambda: not site.exporter._thread.is_alive(), 10, "the end of the thread")
    site.exporter.stop()
    assert files(stick) == []
    assert [path.name for path in stick.iterdir()] == [MARKER]
