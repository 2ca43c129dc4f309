"""The units are what systemd understands."""

import argparse
import configparser
import re
import subprocess
from importlib import import_module
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "systemd"
UNITS = sorted(FOLDER.glob("*[!@].service"))
TIMERS = sorted(FOLDER.glob("*.timer"))
ONCE = ("hailong-fleet-backup", "hailong-site")
"""What ends by itself."""

AS_ROOT = ("hailong-site",)
"""What writes files of the system's, and gives files to other users."""

LASTING = [path for path in UNITS if path.stem not in ONCE]
AS_USERS = [path for path in UNITS if path.stem not in AS_ROOT]


def read(path: Path) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path, "utf-8")
    return unit


@pytest.mark.parametrize("path", LASTING, ids=lambda path: path.name)
def test_a_unit_is_started_again_for_ever(path):
    unit = read(path)
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert unit["Service"]["Restart"] == "always"


@pytest.mark.parametrize("path", AS_USERS, ids=lambda path: path.name)
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


def test_the_backup_of_each_night_goes_to_a_folder_of_its_own_and_sees_no_key():
    path = next(p for p in UNITS if p.stem == "hailong-fleet-backup")
    service, text = read(path)["Service"], path.read_text("utf-8")
    assert service["Type"] == "oneshot"
    assert "HAILONG_BACKUPS=/var/lib/hailong-fleet-backups" in service["Environment"]
    assert "hailong-fleet-backups" in service["StateDirectory"].split()
    backup, retain = re.findall(r"^ExecStart=\S+ (\w+) (.*)$", text, re.MULTILINE)
    assert backup[0] == "backup"
    assert "${HAILONG_BACKUPS} --keep ${HAILONG_BACKUPS_KEPT}" in backup[1]
    assert retain[0] == "retain"
    assert "ExecStart=-/opt/hailong/bin/hailong-fleet retain" in text, "it makes no second backup"
    fleet = "-/var/lib/hailong-fleet"
    assert {f"{fleet}/pki", f"{fleet}/keys", f"{fleet}/secrets"} <= set(
        service["InaccessiblePaths"].split()
    )
    # A share that is away for a while is tried again, but not for ever.
    assert service["Restart"] == "on-failure"
    assert read(path)["Unit"]["StartLimitBurst"] == "4"


def test_a_backup_is_made_each_night_also_where_the_server_was_off():
    [timer] = TIMERS
    assert timer.with_suffix(".service") in UNITS
    assert read(timer)["Timer"]["OnCalendar"] == "*-*-* 02:30:00"
    assert read(timer)["Timer"]["Persistent"] == "true"
    assert read(timer)["Install"]["WantedBy"] == "timers.target"


def test_the_commands_of_the_server_take_the_words_of_the_units():
    start = re.compile(r"^ExecStart=-?/opt/hailong/bin/hailong-fleet (.*)$", re.MULTILINE)
    lines = [line for path in UNITS for line in start.findall(path.read_text("utf-8"))]
    assert len(lines) > len(ONCE)
    for line in lines:
        words = line.replace("${HAILONG_BACKUPS_KEPT}", "30").split()
        parser = argparse.ArgumentParser(exit_on_error=False)
        command = import_module(f"fleet_server.commands.{words[0].replace('-', '_')}")
        command.add_parser(parser.add_subparsers())
        assert parser.parse_args(words).config == Path("/var/lib/hailong-fleet/fleet.toml")


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
    paths = [*UNITS, *TIMERS]
    copies = [tmp_path / path.name for path in paths]
    for path, copy in zip(paths, copies, strict=True):
        copy.write_text(re.sub(r"/opt/hailong/bin/\S+", "/bin/true", path.read_text("utf-8")))
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *copies],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize("name", ["hailong-terminal", "hailong-uplink"])
def test_the_terminal_may_ask_the_kernel_whether_its_clock_is_right(name: str) -> None:
    """Not in ``@system-service``: without it the process is killed, or never trusts its clock."""
    text = (FOLDER / f"{name}.service").read_text("utf-8")
    assert "\nSystemCallFilter=adjtimex clock_adjtime\n" in text
