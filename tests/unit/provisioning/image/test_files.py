"""What is laid over the root takes effect on the units that it is meant for."""

import argparse
import re
from importlib import import_module
from pathlib import Path

import pytest

from provisioning.image import root
from provisioning.server import payload

FOLDER = Path(root.__file__).parent / "files/usr/lib/systemd/system"
DROPINS = sorted(FOLDER.glob("hailong-*.d/*.conf"))
START = re.compile(r"^ExecStart=/opt/hailong/bin/hailong-terminal (.+)$", re.MULTILINE)


@pytest.mark.parametrize("path", DROPINS, ids=lambda path: path.parent.stem)
def test_an_addition_belongs_to_a_unit_of_the_terminal(path: Path) -> None:
    assert path.parent.stem in {item.target.name for item in payload.terminal_items()}


@pytest.mark.parametrize("name", ["terminal", "uplink"])
def test_both_processes_wait_for_their_place_on_the_data_partition(name: str) -> None:
    text = (FOLDER / f"hailong-{name}.service.d/50-image.conf").read_text()
    [words] = [line.split() for line in START.findall(text)]
    parser = argparse.ArgumentParser(exit_on_error=False)
    command = import_module(f"device.commands.{words[0]}")
    command.add_parser(parser.add_subparsers())
    args = parser.parse_args(words)
    assert args.wait
    assert args.config == Path("/var/lib/hailong/terminal.toml")
    assert "ExecStart=\n" in text, "the unit's own command is not taken away first"


def test_the_boot_partition_is_remounted_for_all_and_read_only_at_the_end() -> None:
    text = (FOLDER / "hailong-site.service.d/50-image.conf").read_text()
    modes = re.findall(r"^(\w+)=-\+/usr/bin/nsenter -.* remount,(r[ow]) ", text, re.MULTILINE)
    assert modes == [("ExecStartPre", "rw"), ("ExecStartPost", "ro"), ("ExecStopPost", "ro")]


def test_the_start_goes_on_without_the_data_partition_and_waits_until_it_was_tried() -> None:
    lines = (FOLDER.parents[3] / "etc/fstab").read_text().splitlines()
    [options] = [line.split()[3].split(",") for line in lines if " /var/lib " in line]
    assert {"nofail", "x-systemd.before=local-fs.target"} <= set(options)


def test_the_key_of_the_ssh_server_lies_where_it_can_be_written() -> None:
    service = (FOLDER / "hailong-ssh.service").read_text()
    assert "dropbearkey -t ed25519 -f /var/lib/hailong-site/ssh/host_key" in service
    [words] = re.findall(r"^ExecStart=/usr/sbin/dropbear (.+)$", service, re.MULTILINE)
    assert "-R" not in words.split(), "it makes its keys in /etc"
    assert "-s" in words.split()
