"""The units are what systemd understands."""

import argparse
import configparser
import re
import subprocess
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from device.placing.trouble import NEW_CARD

FOLDER = Path(__file__).parents[3] / "systemd"
ALL = sorted(FOLDER.glob("*.service"))
UNITS = [path for path in ALL if "@" not in path.name]
TIMERS = sorted(FOLDER.glob("*.timer"))
TERMINALS = ("hailong-terminal", "hailong-uplink", "hailong-no-data")
AS_ROOT = {
    "hailong-grow-data": "it writes the partition table",
    "hailong-site": "it writes files of the system's, and gives files to other users",
    "hailong-stick@": "systemd mounts for root alone",
    "hailong-update": "it changes the machine",
}
"""Units without a user of their own, each with the reason."""

TAKEN_FROM_ALL = {
    "UMask=0077",
    "NoNewPrivileges=yes",
    "CapabilityBoundingSet=",
    "PrivateUsers=yes",
    "PrivateTmp=yes",
    "PrivateMounts=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "ProtectProc=invisible",
    "ProtectHostname=yes",
    "ProtectKernelTunables=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelLogs=yes",
    "ProtectControlGroups=yes",
    "DevicePolicy=closed",
    "RestrictNamespaces=yes",
    "RestrictSUIDSGID=yes",
    "RestrictRealtime=yes",
    "LockPersonality=yes",
    "KeyringMode=private",
    "RemoveIPC=yes",
    "LimitCORE=0",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallFilter=~@privileged @resources",
}
TAKEN_ON_SERVERS = {"PrivateDevices=yes", "ProtectClock=yes", "MemoryDenyWriteExecute=yes"}


def read(path: Path) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path, "utf-8")
    return unit


LASTING = [path for path in UNITS if read(path)["Service"]["Type"] != "oneshot"]
AS_USERS = [path for path in ALL if path.stem not in AS_ROOT]
WITH_FOLDER = [path for path in AS_USERS if "StateDirectory" in read(path)["Service"]]


@pytest.mark.parametrize("path", LASTING, ids=lambda path: path.name)
def test_a_unit_is_started_again_for_ever(path):
    unit = read(path)
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert unit["Service"]["Restart"] == "always"


@pytest.mark.parametrize("path", AS_USERS, ids=lambda path: path.name)
def test_a_unit_runs_without_rights_it_does_not_need(path):
    lines = set(path.read_text("utf-8").splitlines())
    assert read(path)["Service"]["User"] in ("hailong", "hailong-fleet", "hailong-nats")
    assert lines >= TAKEN_FROM_ALL
    if path.stem not in TERMINALS:
        assert lines >= TAKEN_ON_SERVERS


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_a_unit_is_little_exposed(path: Path, figure: Callable[[str], None]) -> None:
    words = ("systemd-analyze", "security", "--offline=yes", "--no-pager")
    said = subprocess.run([*words, path], capture_output=True, text=True, check=True).stdout
    [exposure] = re.findall(r"Overall exposure level for \S+: (\d+\.\d)", said)
    figure(f"exposure {exposure}")
    assert float(exposure) <= 2.0
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert f"| `{path.name}` | {exposure} |" in readme, "the table of exposures is out of date"


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_memory_and_processes_of_a_unit_have_limits(path: Path) -> None:
    service = read(path)["Service"]
    assert re.fullmatch(r"\d+[MG]", service["MemoryMax"])
    assert int(service["TasksMax"]) <= 512


@pytest.mark.parametrize("path", WITH_FOLDER, ids=lambda path: path.name)
def test_nobody_else_looks_into_the_folder_of_a_unit(path: Path) -> None:
    """systemd would give ``StateDirectory=`` mode 0755, and does so each time the unit starts."""
    assert read(path)["Service"]["StateDirectoryMode"] == "0700"


@pytest.mark.parametrize("name", TERMINALS)
def test_the_terminal_reads_its_clock_and_what_stands_in_proc(name: str) -> None:
    service = read(FOLDER / f"{name}.service")["Service"]
    assert not {"ProtectClock", "ProcSubset", "PrivateDevices", "SocketBindDeny"} & set(service)


def test_the_pages_see_no_key():
    hidden = read(next(p for p in UNITS if p.stem == "hailong-web"))["Service"]["InaccessiblePaths"]
    fleet = "-/var/lib/hailong-fleet"
    private = {f"{fleet}/pki/{name}.key" for name in ("root", "issuing", "fleet", "server")}
    assert private | {f"{fleet}/keys"} <= set(hidden.split())


def test_files_that_people_send_wait_on_the_disk_and_not_in_the_memory_of_the_pages():
    service = read(next(p for p in UNITS if p.stem == "hailong-web"))["Service"]
    assert "TMPDIR=/var/tmp" in service["Environment"].split()


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
    assert len(lines) > len(TIMERS)
    for line in lines:
        words = line.replace("${HAILONG_BACKUPS_KEPT}", "30").split()
        parser = argparse.ArgumentParser(exit_on_error=False)
        command = import_module(f"fleet_server.commands.{words[0].replace('-', '_')}")
        command.add_parser(parser.add_subparsers())
        assert parser.parse_args(words).config == Path(words[-1])
        node = words[0] == "broker-node"
        assert words[-1] == f"/var/lib/hailong-{'nats/nats.conf' if node else 'fleet/fleet.toml'}"


def test_the_terminal_waits_for_neither_network_nor_time():
    for name in ("hailong-terminal", "hailong-uplink"):
        text = next(p for p in UNITS if p.stem == name).read_text("utf-8")
        assert (
            "network"
            not in text.replace("RestrictAddressFamilies", "").lower().split("[service]")[0]
        )
        assert "time-sync" not in text


@pytest.mark.parametrize("path", LASTING, ids=lambda path: path.name)
def test_a_process_that_hangs_is_started_again(path: Path) -> None:
    service = read(path)["Service"]
    assert service["Type"] == "notify"
    assert service["WatchdogSec"] in ("30", "120", "2min", "3min")
    # gunicorn's worker speaks for pages and enrolment, and is no main process.
    speaks = "all" if path.stem in ("hailong-web", "hailong-est") else None
    assert service.get("NotifyAccess") == speaks


def test_a_long_start_is_no_reason_to_start_again():
    """Searching a damaged journal of 400 days takes minutes on a small board."""
    service = read(next(p for p in UNITS if p.stem == "hailong-terminal"))["Service"]
    assert service["TimeoutStartSec"] == "15min"


def test_the_terminal_may_use_pins_screen_touch_and_sound_and_the_uplink_ask_the_firmware():
    wanted = {"hailong-terminal": {"gpio", "video", "input", "audio"}, "hailong-uplink": {"video"}}
    for name, groups in wanted.items():
        service = read(next(p for p in UNITS if p.stem == name))["Service"]
        assert set(service["SupplementaryGroups"].split()) == groups


def test_devices_are_let_in_whose_drivers_come_after_the_start() -> None:
    """A class by name must be known when the unit starts; a number need not."""
    allowed = {
        "hailong-terminal": ["char-gpiochip", "char-13", "char-29", "char-116", "char-226"],
        "hailong-no-data": ["char-29", "char-226"],
        "hailong-uplink": ["/dev/vcio", "/dev/vchiq"],
    }
    for name, devices in allowed.items():
        text = (FOLDER / f"{name}.service").read_text("utf-8")
        assert re.findall(r"^DeviceAllow=(\S+) rw$", text, re.MULTILINE) == devices


def test_a_stick_is_mounted_so_that_nothing_on_it_can_be_run_or_followed():
    text = (FOLDER / "hailong-stick@.service").read_text("utf-8")
    [words] = [line.split() for line in text.splitlines() if line.startswith("ExecStart=")]
    assert words[0] == "ExecStart=/usr/bin/systemd-mount"
    assert {"--no-block", "--collect", "--bind-device", "--type=vfat,exfat"} <= set(words)
    [given] = [word.removeprefix("--options=") for word in words if "--options=" in word]
    assert {"nosuid", "nodev", "noexec", "uid=hailong", "umask=0077"} <= set(given.split(","))
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
        copy.write_text(
            re.sub(r"(/opt/hailong/bin|/usr/lib/hailong)/\S+", "/bin/true", path.read_text("utf-8"))
        )
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *copies],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (said.returncode, said.stderr) == (0, "")


def test_the_root_side_of_updates_reaches_rauc_by_the_bus_and_nothing_else():
    service = read(FOLDER / "hailong-update.service")["Service"]
    assert service["CapabilityBoundingSet"] == "CAP_DAC_OVERRIDE", "the folder is another user's"
    assert service["ReadWritePaths"] == "-/var/lib/hailong-update"
    assert (service["PrivateDevices"], service["PrivateNetwork"]) == ("yes", "yes")
    assert service["RestrictAddressFamilies"] == "AF_UNIX"


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_root_writes_nothing_below_a_folder_of_another_user(path: Path) -> None:
    """Whoever owns the folder puts a link in the place, and root would follow it."""
    text = path.read_text("utf-8")
    lines = re.findall(r"^Exec\w+=[-@:]*[+!].*$", text, re.MULTILINE)
    if "\nUser=" not in text:
        lines += re.findall(r"^(?:Exec\w+|ReadWritePaths)=.*$", text, re.MULTILINE)
    assert not [line for line in lines if re.search(r"/var/lib/hailong[a-z-]*/", line)]


def test_a_new_card_without_its_file_is_no_unit_that_failed():
    """Every other trouble of a card is one: it ends with 1."""
    assert read(FOLDER / "hailong-site.service")["Service"]["SuccessExitStatus"] == str(NEW_CARD)


def test_a_request_starts_the_root_side_and_a_loop_of_requests_ends():
    unit = read(FOLDER / "hailong-update.service")
    asked = read(FOLDER / "hailong-update.path")["Path"]["PathExists"]
    assert asked == f"{unit['Service']['ReadWritePaths'].lstrip('-')}/request.json"
    assert int(unit["Unit"]["StartLimitBurst"]) > 0


@pytest.mark.parametrize("name", ["hailong-terminal", "hailong-uplink"])
def test_the_terminal_may_ask_the_kernel_whether_its_clock_is_right(name: str) -> None:
    """Not in ``@system-service``: without it the process is killed, or never trusts its clock."""
    text = (FOLDER / f"{name}.service").read_text("utf-8")
    assert "\nSystemCallFilter=adjtimex clock_adjtime\n" in text
