"""A technician at the command line of the machine, by SSH with the key of the enrolment file."""

import subprocess
from pathlib import Path

from tests.fakes.ports import free_ports
from tests.fakes.wait import eventually
from tests.image.machine import Machine
from tests.image.qemu import BOOT_S


class Shell:
    """Runs commands as root in the machine.

    Args:
        machine: It runs, or its network is still coming.
        key: The private key.
    """

    def __init__(self, machine: Machine, key: Path) -> None:
        [port] = free_ports(1)
        forward = f"hostfwd_add net tcp:127.0.0.1:{port}-:22"
        machine.qmp.ask("human-monitor-command", **{"command-line": forward})
        self._words = [
            "ssh", "-i", key, "-p", str(port), "-o", "BatchMode=yes", "-o", "ConnectTimeout=60",
            "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
            "root@127.0.0.1",
        ]  # fmt: skip
        eventually(lambda: self._try("true").returncode == 0, BOOT_S, "a shell")

    def run(self, command: str) -> str:
        """Run a command and return what it says."""
        done = self._try(command)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def _try(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self._words, command], capture_output=True, text=True, check=False, timeout=300
        )


def new_key(folder: Path) -> tuple[Path, str]:
    """Make a pair of keys and return where the private one lies, and the public one's line."""
    key = folder / "technician"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    return key, key.with_suffix(".pub").read_text("utf-8").strip()
