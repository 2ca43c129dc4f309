"""The uplink's program on a machine with two slots that lies in a folder; run as a process.

``python -m tests.fakes.slotted MACHINE CONFIG``: MACHINE holds ``boot`` (id of the boot) and
``image`` (version that runs), and gets a file ``reboot`` when the uplink wants the machine to start
again. All else is the real program.
"""

import sys
from pathlib import Path

from device import uplink
from device.settings import load
from device.versions import Versions


class FolderComputer:
    """Implements the port ``Computer``: whoever watches the folder starts the machine."""

    def __init__(self, machine: Path) -> None:
        self._machine = machine

    def reboot(self) -> None:
        (self._machine / "reboot").touch()


def main(machine: Path, config: Path) -> int:
    boot, image = ((machine / name).read_text("utf-8") for name in ("boot", "image"))
    uplink.machine_boot_id = lambda: boot  # type: ignore[assignment]
    uplink.versions = lambda: Versions("test", image)  # type: ignore[assignment]
    uplink.SystemdComputer = lambda: FolderComputer(machine)  # type: ignore[assignment,misc]
    return uplink.run(load(config))


if __name__ == "__main__":
    import logging

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
