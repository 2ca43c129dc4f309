"""Starting the machine again, through systemd; a rule of polkit gives the right to."""

from __future__ import annotations

import subprocess

from device.ports import MachineError

_TIMEOUT_S = 10
_COMMAND = ("systemctl", "--no-ask-password", "reboot")


class SystemdComputer:
    """Implements the port ``Computer``."""

    def reboot(self) -> None:
        """Ask systemd to start the machine again.

        Raises:
            MachineError: It does not; the text says why.
        """
        try:
            # A fixed list of words, found on the unit's own path.
            done = subprocess.run(  # noqa: S603  # as the comment above says
                _COMMAND, capture_output=True, timeout=_TIMEOUT_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise MachineError(f"systemctl cannot be run: {error}") from None
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            why = said[0] if said else f"exit code {done.returncode}"
            raise MachineError(
                f"systemd refuses: {why.rstrip('.')}; systemd/README.md says how to allow it"
            )
