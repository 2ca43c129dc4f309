"""The units are what systemd understands."""

import configparser
import re
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "systemd"
UNITS = sorted(FOLDER.glob("*[!@].service"))


def read(path: Path) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path, "utf-8")
    return unit


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_is_started_again_for_ever(path):
    unit = read(path)
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert unit["Service"]["Restart"] == "always"


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_without_rights_it_does_not_need(path):
    service = read(path)["Service"]
    assert service["User"] != "root"
    assert service["NoNewPrivileges"] == "yes"
    assert service["CapabilityBoundingSet"] == ""
    assert service["ProtectSystem"] == "strict"


def test_the_pages_see_no_key():
    hidden = read(next(p for p in UNITS if p.stem == "hailong-web"))["Service"]["InaccessiblePaths"]
    fleet = "-/var/lib/hailong-fleet"
    private = {f"{fleet}/pki/{name}.key" for name in ("root", "issuing", "fleet", "server")}
    assert private | {f"{fleet}/keys"} <= set(hidden.split())


def test_the_pages_can_not_take_the_memory_of_the_ingest_beside_them():
    service = read(next(p for p in UNITS if p.stem == "hailong-web"))["Service"]
    assert service["MemoryMax"] == "1G"


def test_the_terminal_waits_for_neither_network_nor_time():
    for name in ("hailong-terminal", "hailong-uplink"):
        text = next(p for p in UNITS if p.stem == name).read_text("utf-8")
        assert (
            "network"
            not in text.replace("RestrictAddressFamilies", "").lower().split("[service]")[0]
        )
        assert "time-sync" not in text


@pytest.mark.parametrize("name", ["hailong-terminal", "hailong-uplink"])
def test_a_process_of_the_terminal_that_hangs_is_started_again(name):
    service = read(next(p for p in UNITS if p.stem == name))["Service"]
    assert service["Type"] == "notify"
    assert 30 <= int(service["WatchdogSec"]) <= 120


def test_a_long_start_is_no_reason_to_start_again():
    """Searching a damaged journal of 400 days takes minutes on a small board."""
    service = read(next(p for p in UNITS if p.stem == "hailong-terminal"))["Service"]
    assert service["TimeoutStartSec"] == "15min"


def test_the_terminal_may_use_pins_screen_touch_and_sound_and_the_uplink_ask_the_firmware():
    wanted = {"hailong-terminal": {"gpio", "video", "input", "audio"}, "hailong-uplink": {"video"}}
    for name, groups in wanted.items():
        service = read(next(p for p in UNITS if p.stem == name))["Service"]
        assert set(service["SupplementaryGroups"].split()) == groups


def test_a_stick_is_mounted_so_that_nothing_on_it_can_be_run_or_followed():
    text = (FOLDER / "hailong-stick@.service").read_text("utf-8")
    [mount] = [line for line in text.splitlines() if "/usr/bin/mount" in line]
    words = mount.split()
    assert words[words.index("-t") + 1] == "vfat,exfat"
    options = set(words[words.index("-o") + 1].split(","))
    assert {"nosuid", "nodev", "noexec", "uid=hailong", "umask=0077"} <= options
    assert "BindsTo=dev-%i.device" in text


def test_only_sticks_are_mounted_by_the_rule():
    rules = (FOLDER / "99-hailong-stick.rules").read_text("utf-8").splitlines()
    [rule] = [line for line in rules if not line.startswith("#")]
    for part in ('ENV{ID_BUS}=="usb"', 'ENV{ID_FS_TYPE}=="vfat|exfat"', 'ACTION=="add"'):
        assert part in rule
    assert "hailong-stick@%k.service" in rule


def test_systemd_itself_finds_nothing_wrong(tmp_path):
    """The programs stand in for those in /opt, which a developer's machine does not have."""
    copies = [tmp_path / path.name for path in UNITS]
    for path, copy in zip(UNITS, copies, strict=True):
        copy.write_text(re.sub(r"/opt/hailong/bin/\S+", "/bin/true", path.read_text("utf-8")))
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *copies],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (said.returncode, said.stderr) == (0, "")
