"""A terminal without a place says so, until it has one."""

import os
import signal
import threading
from pathlib import Path

import pytest

from device.cli import main
from device.core.view import View
from device.placing import trouble, waiting
from device.placing.trouble import SiteError, dump
from device.placing.waiting import wait_for_place, wait_for_settings
from device.screen.none import NoScreen
from device.terminal import Options

PLACE = '[terminal]\nid = "t-1"\ncounter = "Q1"\n'


class Panel(NoScreen):
    """Remembers what it was asked to show; calls ``then`` at the first."""

    def __init__(self) -> None:
        self.shown: list[View] = []
        self.then = lambda: None
        self.gone = False

    def show(self, view: View) -> None:
        self.shown.append(view)
        self.then()

    def closed(self) -> bool:
        return self.gone


@pytest.fixture
def panel(monkeypatch):
    made = Panel()
    monkeypatch.setattr("device.terminal.open_screen", lambda *_: made)
    monkeypatch.setattr(waiting, "_LOOK_S", 0.01)
    return made


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "terminal.toml"


def place(config: Path) -> None:
    config.write_text(PLACE)


def test_a_terminal_with_a_place_does_not_wait(panel, config):
    place(config)
    settings = wait_for_place(config, Options())
    assert settings is not None
    assert settings.terminal.id == "t-1"
    assert panel.shown == []


def test_one_without_asks_for_the_file_until_it_is_there(panel, config, caplog):
    panel.then = lambda: len(panel.shown) == 3 and place(config)
    settings = wait_for_place(config, Options())
    assert settings is not None
    assert [view.unplaced for view in panel.shown] == ["no_file"] * 3
    assert caplog.text.count("no place yet") == 1


def test_what_is_wrong_with_the_card_is_said_in_its_place(panel, config):
    (config.parent / "site-error.json").write_bytes(dump(SiteError("x", "field", "wifi.ssid")))
    panel.then = lambda: place(config)
    wait_for_place(config, Options())
    [view] = panel.shown
    assert (view.unplaced, view.notes[0].value) == ("field", "wifi.ssid")


def test_settings_that_are_wrong_are_waited_for_too_and_the_key_is_named(panel, config):
    config.write_text(PLACE + "[screen]\nwidth_px = 1\n")
    panel.then = lambda: place(config)
    wait_for_place(config, Options())
    [view] = panel.shown
    assert (view.unplaced, [note.value for note in view.notes]) == (
        "settings",
        ["screen.width_px"],
    )


@pytest.mark.parametrize(
    "content", ["", "[]", '{"what": 1}', '{"what": "x", "field": 1, "why": 2}']
)
def test_an_error_that_cannot_be_read_is_something_or_nothing(panel, config, content):
    (config.parent / "site-error.json").write_text(content)
    panel.then = lambda: place(config)
    wait_for_place(config, Options())
    assert panel.shown[0].unplaced in ("no_file", "other")


@pytest.mark.parametrize(
    ("locked", "what"), [("1\n", "read_only"), ("0\n", "no_data"), (None, "no_data")]
)
def test_data_that_cannot_be_mounted_is_said_until_the_end(
    panel, tmp_path, monkeypatch, locked, what
):
    monkeypatch.setattr(trouble, "_KERNEL", tmp_path / "sys")
    device, link = tmp_path / "dev/vda4", tmp_path / "dev/by-partuuid"
    if locked is not None:
        (tmp_path / "sys/vda4").mkdir(parents=True)
        (tmp_path / "sys/vda4/ro").write_text(locked)
        device.parent.mkdir()
        device.touch()
        link.symlink_to(device)
    panel.then = lambda: setattr(panel, "gone", len(panel.shown) == 2)
    assert main(["site", "no-data", "--device", str(link)]) == 0
    assert [view.unplaced for view in panel.shown] == [what] * 2


def test_a_window_that_is_closed_ends_it(panel, config):
    panel.then = lambda: setattr(panel, "gone", True)
    assert wait_for_place(config, Options()) is None


def test_it_ends_when_told_and_signals_are_as_before(panel, config):
    panel.then = lambda: os.kill(os.getpid(), signal.SIGTERM)
    assert wait_for_place(config, Options()) is None
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_the_uplink_waits_as_well(panel, config):
    threading.Timer(0.05, place, [config]).start()
    settings = wait_for_settings(config)
    assert settings is not None
    assert panel.shown == []
