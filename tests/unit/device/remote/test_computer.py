"""Starting the machine again, with a ``systemctl`` that only notes what it is asked for."""

from pathlib import Path

import pytest

from device.ports import MachineError
from device.remote.computer import SystemdComputer


def systemctl(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "systemctl"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_systemd_is_asked_once_and_never_for_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    systemctl(tmp_path, f'echo "$@" >> {tmp_path}/asked', monkeypatch)
    SystemdComputer().reboot()
    assert (tmp_path / "asked").read_text() == "--no-ask-password reboot\n"


def test_a_refusal_says_why_and_where_the_right_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    systemctl(tmp_path, 'echo "Access denied" >&2; exit 1', monkeypatch)
    with pytest.raises(MachineError, match=r"Access denied; systemd/README\.md says how"):
        SystemdComputer().reboot()


def test_a_silent_refusal_has_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    systemctl(tmp_path, "exit 4", monkeypatch)
    with pytest.raises(MachineError, match="exit code 4"):
        SystemdComputer().reboot()


def test_a_machine_without_systemd_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MachineError, match="cannot be run"):
        SystemdComputer().reboot()
