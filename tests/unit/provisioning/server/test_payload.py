"""Which files go where: each has one place, and what a wheel carries is what lies in git."""

import re
import zipfile
from pathlib import Path

import pytest

from provisioning.server import payload
from provisioning.server.payload import ROLES
from tests.fakes.processes import PYTHON, run

ROOT = Path(__file__).parents[4]


def test_every_file_of_the_folder_belongs_to_somebody() -> None:
    taken = [item.source.name for role in ROLES.values() for item in payload.items(role)]
    taken += [item.source.name for item in payload.terminal_items()]
    there = {path.name for path in payload.source_folder().iterdir()} - {"README.md"}
    assert sorted(taken) == sorted(there)


def test_what_starts_the_fleets_programs_is_no_terminals() -> None:
    for item in payload.terminal_items():
        text = item.source.read_text("utf-8")
        assert "bin/hailong-fleet" not in text, f"{item.source.name} belongs to the server"
        assert "hailong-nats" not in text


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("hailong-web.service", "etc/systemd/system/hailong-web.service"),
        ("hailong-fleet-backup.timer", "etc/systemd/system/hailong-fleet-backup.timer"),
        ("hailong-fleet.sysusers.conf", "etc/sysusers.d/hailong-fleet.conf"),
        ("hailong-fleet.tmpfiles.conf", "etc/tmpfiles.d/hailong-fleet.conf"),
        ("nginx-example.conf", "usr/local/share/hailong/nginx-example.conf"),
    ],
)
def test_a_file_goes_where_its_reader_looks(name: str, place: str) -> None:
    places = {item.source.name: str(item.target) for item in payload.items(payload.SERVER)}
    assert places[name] == place


def test_a_terminals_rules_go_to_those_who_read_rules() -> None:
    places = {item.source.name: str(item.target) for item in payload.terminal_items()}
    assert places["50-hailong-reboot.rules"] == "etc/polkit-1/rules.d/50-hailong-reboot.rules"
    assert places["99-hailong-stick.rules"] == "etc/udev/rules.d/99-hailong-stick.rules"


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_the_user_and_the_folders_of_a_unit_are_made(role: payload.Role) -> None:
    texts = {item.source.name: item.source.read_text("utf-8") for item in payload.items(role)}
    [users] = [text for name, text in texts.items() if "sysusers" in name]
    [folders] = [text for name, text in texts.items() if "tmpfiles" in name]
    for name, text in texts.items():
        for user in re.findall(r"(?m)^User=(.*)$", text):
            assert re.search(rf"(?m)^u {user} ", users), f"{name}: nobody makes {user}"
        for names in re.findall(r"(?m)^StateDirectory=(.*)$", text):
            for folder in names.split():
                assert re.search(rf"(?m)^d /var/lib/{folder} 0700 {role.user} ", folders)


def test_the_programs_of_the_units_are_those_that_are_looked_for() -> None:
    for role in ROLES.values():
        for item in payload.items(role):
            for program in re.findall(r"/opt/hailong/bin/([\w-]+)", item.source.read_text("utf-8")):
                assert program in role.programs, item.source.name


def test_a_wheel_carries_all_of_them(tmp_path: Path) -> None:
    words = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, ROOT]
    run(PYTHON, "-m", "pip", *words)
    [wheel] = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    for path in payload.source_folder().iterdir():
        assert f"provisioning/server/systemd/{path.name}" in held
