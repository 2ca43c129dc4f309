"""A terminal under QEMU: a card, buttons, a touch screen, a network, and a plug to be pulled.

with Machine(card, folder) as machine:
    machine.start()
    machine.wait_for("Reached target Multi-User")
    machine.pull_the_plug()

The machine is slow (all of it is emulated), so waits are generous; they end when QEMU has gone.
"""

import subprocess
import time
from pathlib import Path
from typing import Self

from tests.fakes.wait import eventually
from tests.image.firmware import BootPartition, Started
from tests.image.sockets import Pins, Qmp
from wire import toml
from wire.records import CHOICES

BOOT_S = 900
"""Longest start that is waited for."""
BUTTONS, LEDS = (0, 1, 2), (4, 5, 6)
"""Lines of the PL061; 3 is QEMU's power button."""
SETTINGS = toml.dump(
    {
        "buttons": {
            "pull_up": False,
            "pins": dict(zip(CHOICES, BUTTONS, strict=True)),
            "leds": dict(zip(CHOICES, LEDS, strict=True)),
        },
        "tickets": {"without": "unbound"},
        "update": {"quiet_s": 1},
    }
)
"""A technician's own settings: other lines than a Pi's, a press connects to the supply."""
_WIDTH = 1280
_HEIGHT = 800
_TOUCH = 32_768
"""QEMU's absolute pointer counts up to this."""


class Machine:
    """One emulated board with the card ``disk``; its files lie in ``folder``.

    Attributes:
        read_only: The card can't be written at the next start: it is worn out.
    """

    def __init__(self, disk: Path, folder: Path, serial: str = "QEMU0001") -> None:
        self.disk, self.folder, self.serial = disk, folder, serial
        self.boot = BootPartition(disk)
        self.log = folder / "serial.log"
        self.read_only = False
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.pull_the_plug()

    @property
    def running(self) -> bool:
        """Whether QEMU is there."""
        return self._process is not None and self._process.poll() is None

    def press(self, line: int, held_s: float = 0.25) -> None:
        """Press the button on a line, long enough for a slow machine to see, and let go."""
        self.pins.drive(line, True)
        time.sleep(held_s)
        self.pins.drive(line, False)

    def start(self, *more: str, clock: str = "utc", loaded: Started | None = None) -> Started:
        """Switch on. The firmware's part is done from outside, or was before the card broke.

        Args:
            more: Words for QEMU.
            clock: What the clock with a battery shows, for QEMU's ``-rtc``.
            loaded: What the firmware loaded at a former start.
        """
        assert not self.running
        started = loaded or self.boot.start(self.folder)
        for name in ("qmp", "qtest"):
            (self.folder / name).unlink(missing_ok=True)
        self.starts += 1
        self.log = self.folder / f"serial-{self.starts}.log"
        self._process = subprocess.Popen(
            [*self._board(), *self._kernel(started), "-rtc", f"base={clock}", *more],
            stdin=subprocess.DEVNULL,
        )
        eventually(self._answers, 60, "QEMU's sockets")
        self.qmp = Qmp(self.folder / "qmp")
        self.pins = Pins(self.folder / "qtest", self._pl061())
        return started

    def pull_the_plug(self) -> None:
        """Cut the power: QEMU is killed, the guest gets no warning."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._process = None
        self.qmp.close()
        self.pins.close()

    def output(self) -> str:
        """Return what the serial line has said since the last start."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait_for(self, text: str, timeout_s: float = BOOT_S) -> float:
        """Wait until the serial line has said ``text``; return the seconds that it took."""
        began = time.monotonic()

        def said() -> bool:
            found = text in self.output()
            assert found or self.running, f"the machine went off:\n{self.output()[-3000:]}"
            return found

        try:
            eventually(said, timeout_s, repr(text))
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.output()[-5000:]}") from None
        return time.monotonic() - began

    def wait_until_off(self, timeout_s: float = BOOT_S) -> None:
        """Wait until the guest has switched off or started again (QEMU then ends)."""
        eventually(lambda: not self.running, timeout_s, "the machine going off")
        self.pull_the_plug()

    def failed_units(self) -> list[str]:
        """Return the lines in which systemd tells of a failure."""
        return [line for line in self.output().splitlines() if "FAILED" in line]

    def touch(self, x: float, y: float) -> None:
        """Touch the screen and let go; ``x`` and ``y`` are shares of its width and height."""
        for down in (True, False):
            self.qmp.ask(
                "input-send-event",
                events=[
                    _absolute("x", x),
                    _absolute("y", y),
                    {"type": "btn", "data": {"down": down, "button": "left"}},
                ],
            )

    def picture(self, name: str) -> Path:
        """Save what the screen shows as a PNG file and return its path."""
        path = self.folder / f"{name}.png"
        self.qmp.ask("screendump", filename=str(path), format="png")
        return path

    def _board(self) -> list[str]:
        gpu = f"virtio-gpu-pci,xres={_WIDTH},yres={_HEIGHT}"
        lock = "on" if self.read_only else "off"
        return [
            "qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a53", "-smp", "2", "-m", "1024",
            "-accel", "tcg,thread=multi", "-display", "none", "-no-reboot",
            "-device", gpu, "-device", "virtio-tablet-pci", "-device", "virtio-rng-pci",
            "-drive", f"if=none,id=card,format=raw,file={self.disk},read-only={lock}",
            "-device", "virtio-blk-pci,drive=card",
            "-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net",
            "-fw_cfg", f"name=opt/org.hailong/board-serial,string={self.serial}",
            "-serial", f"file:{self.log}",
            "-qmp", f"unix:{self.folder / 'qmp'},server=on,wait=off",
            "-qtest", f"unix:{self.folder / 'qtest'},server=on,wait=off", "-qtest-log", "/dev/null",
        ]  # fmt: skip

    def _kernel(self, started: Started) -> list[str]:
        return [
            *("-kernel", str(started.kernel), "-initrd", str(started.initrd)),
            *("-append", started.command_line),
        ]

    def _answers(self) -> bool:
        assert self.running, "QEMU ended at once"
        return all((self.folder / name).exists() for name in ("qmp", "qtest"))

    def _pl061(self) -> str:
        for child in self.qmp.ask("qom-list", path="/machine/unattached"):
            if child["type"] == "child<pl061>":
                return f"/machine/unattached/{child['name']}"
        raise AssertionError("the machine has no PL061")


def _absolute(axis: str, share: float) -> dict[str, object]:
    return {"type": "abs", "data": {"axis": axis, "value": int(share * (_TOUCH - 1))}}
