"""A Raspberry Pi 3B as far as QEMU has one: its SD controller, device tree, frame buffer and USB.

What the Pi's firmware does is done from outside: it loads the kernel, completes the device tree and
switches the screen on. QEMU's model has no levels on GPIO lines, no watchdog that waits, no Wi-Fi,
no Bluetooth and no VC4.
"""

import subprocess
from pathlib import Path

from tests.image.firmware import BootPartition, Started
from tests.image.qemu import Board, loaded

WIDTH, HEIGHT = 640, 480
_TREE = "bcm2837-rpi-3-b.dtb"
_WITHOUT = "module_blacklist=bcm2835_wdt,vc4,brcmfmac"
"""QEMU's model starts again as soon as the watchdog is set up, whatever time it was given; it has
no VC4, whose driver would take the frame buffer away and wait for it, and no Wi-Fi."""
_FIRMWARE = f"""
/ {{
    chosen {{
        #address-cells = <1>;
        #size-cells = <1>;
        ranges;
        framebuffer@3c100000 {{
            compatible = "simple-framebuffer";
            reg = <0x3c100000 {WIDTH * HEIGHT * 2}>;
            width = <{WIDTH}>;
            height = <{HEIGHT}>;
            stride = <{WIDTH * 2}>;
            format = "r5g6b5";
        }};
    }};
    // It would take the serial line for itself.
    soc {{ serial@7e201000 {{ bluetooth {{ status = "disabled"; }}; }}; }};
}};
"""
"""The screen that QEMU's model shows after reset (hw/display/bcm2835_fb.c), for simplefb."""


class Pi3(Board):
    """One emulated Pi 3B. Its card ``disk`` has to be a power of two in size, as QEMU wants it."""

    def __init__(self, disk: Path, folder: Path) -> None:
        super().__init__(disk, folder)
        self.boot = BootPartition(disk)

    def start(self) -> Started:
        """Switch on, with a touch screen and a network at its USB."""
        started = self.boot.start(self.folder)
        self.switch_on(
            *("-M", "raspi3b", "-dtb", str(self._tree(started))),
            *loaded(started.kernel, started.initrd, f"{started.command_line} {_WITHOUT}"),
            *("-drive", f"if=sd,format=raw,file={self.disk}"),
            *("-device", "usb-hub,bus=usb-bus.0", "-device", "usb-tablet"),
            *("-netdev", "user,id=net", "-device", "usb-net,netdev=net"),
        )
        return started

    def _tree(self, started: Started) -> Path:
        """Return the device tree of the started system, completed as the firmware does."""
        tree = self.folder / _TREE
        tree.write_bytes(self.boot.read(f"{started.slot.lower()}/{_TREE}"))
        source = _compile("dtb", "dts", tree.read_bytes()) + _FIRMWARE.encode()
        tree.write_bytes(_compile("dts", "dtb", source))
        return tree


def _compile(given: str, wanted: str, content: bytes) -> bytes:
    words = ["dtc", "--quiet", "--quiet", "-I", given, "-O", wanted]
    return subprocess.run(words, input=content, stdout=subprocess.PIPE, check=True).stdout
