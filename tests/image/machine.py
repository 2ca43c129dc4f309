"""A terminal under QEMU: a card, buttons, a touch screen, a network, and a plug to be pulled.

with Machine(card, folder) as machine:
    machine.start()
    machine.wait_for("Reached target Multi-User")
    machine.pull_the_plug()
"""

import time
from pathlib import Path

from tests.image.firmware import BootPartition, Started
from tests.image.qemu import Board, loaded, virtual
from tests.image.sockets import Pins
from wire import toml
from wire.records import CHOICES

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
        "update": {"quiet_s": 1, "draw_s": 240},
    }
)
"""A technician's own settings: other lines than a Pi's, a press connects to the supply."""
_TOUCH = 32_768
"""QEMU's absolute pointer counts up to this."""


class Machine(Board):
    """One emulated board with the card ``disk``; its files lie in ``folder``.

    Attributes:
        boot: the card's FAT partition.
        pins: the lines of its buttons and LEDs, while it runs.
        read_only: the card can't be written at the next start: it is worn out.
    """

    def __init__(self, disk: Path, folder: Path, serial: str = "QEMU0001") -> None:
        super().__init__(disk, folder)
        self.serial = serial
        self.boot = BootPartition(disk)
        self.read_only = False
        self._qtest = folder / "qtest"

    def start(self, *more: str, clock: str = "utc", firmware: Started | None = None) -> Started:
        """Switch on. The firmware's part is done from outside, or was before the card broke.

        Args:
            more: words for QEMU.
            clock: what the clock with a battery shows, for QEMU's ``-rtc``.
            firmware: what it loaded at a former start.
        """
        started = firmware or self.boot.start(self.folder)
        self._qtest.unlink(missing_ok=True)
        self.switch_on(
            *virtual(self.disk, self.read_only),
            *loaded(started.kernel, started.initrd, started.command_line),
            *("-device", "virtio-tablet-pci", "-rtc", f"base={clock}"),
            *("-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net"),
            *("-fw_cfg", f"name=opt/org.hailong/board-serial,string={self.serial}"),
            *("-qtest", f"unix:{self._qtest},server=on,wait=off", "-qtest-log", "/dev/null"),
            *more,
        )
        self.pins = self.connect(Pins(self._qtest, self._pl061()))
        return started

    def press(self, line: int, held_s: float = 0.25) -> None:
        """Press the button on a line, long enough for a slow machine to see, and let go."""
        self.pins.drive(line, True)
        time.sleep(held_s)
        self.pins.drive(line, False)

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

    def _pl061(self) -> str:
        for child in self.qmp.ask("qom-list", path="/machine/unattached"):
            if child["type"] == "child<pl061>":
                return f"/machine/unattached/{child['name']}"
        raise AssertionError("the machine has no PL061")


def _absolute(axis: str, share: float) -> dict[str, object]:
    return {"type": "abs", "data": {"axis": axis, "value": int(share * (_TOUCH - 1))}}
