"""A Raspberry Pi 3B as far as QEMU has one: its SD controller, interrupts, timers, serial line.

What the Pi's firmware does is done from outside: it loads the kernel and completes the device tree.
"""

import subprocess
from pathlib import Path

from tests.image.firmware import BootPartition, Started
from tests.image.qemu import Board, loaded

_TREE = "bcm2837-rpi-3-b.dtb"
_COMPLETED = """
/ { soc { serial@7e201000 { bluetooth { status = "disabled"; }; }; }; };
"""
"""QEMU has no Bluetooth, whose driver would take the serial line for itself."""
_WITHOUT = "module_blacklist=bcm2835_wdt,vc4,brcmfmac"
"""QEMU's model starts again as soon as the watchdog is set up, whatever time it was given; and it
has neither VC4 nor Wi-Fi."""


class Pi3(Board):
    """One emulated Pi 3B. Its card ``disk`` has to be a power of two in size, as QEMU wants it."""

    def __init__(self, disk: Path, folder: Path) -> None:
        super().__init__(disk, folder)
        self.boot = BootPartition(disk)

    def start(self) -> Started:
        """Switch on, with the system that the card's ``config.txt`` names."""
        started = self.boot.start(self.folder)
        self.switch_on(
            *("-M", "raspi3b", "-dtb", str(self._tree(started))),
            *loaded(started.kernel, started.initrd, f"{started.command_line} {_WITHOUT}"),
            *("-drive", f"if=sd,format=raw,file={self.disk}"),
        )
        return started

    def _tree(self, started: Started) -> Path:
        """Return the device tree of the started system, completed."""
        tree = self.folder / _TREE
        tree.write_bytes(self.boot.read(f"{started.slot.lower()}/{_TREE}"))
        source = _compile("dtb", "dts", tree.read_bytes()) + _COMPLETED.encode()
        tree.write_bytes(_compile("dts", "dtb", source))
        return tree


def _compile(given: str, wanted: str, content: bytes) -> bytes:
    words = ["dtc", "--quiet", "--quiet", "-I", given, "-O", wanted]
    return subprocess.run(words, input=content, stdout=subprocess.PIPE, check=True).stdout
