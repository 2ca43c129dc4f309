"""A board under QEMU: its power, its serial line, its monitor and what its screen shows.

The machine is slow (all of it is emulated), so waits are generous; they end when QEMU has gone.
"""

import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Self, TypeVar

from tests.fakes.wait import eventually
from tests.image.sockets import Pins, Qmp

BOOT_S = 900
"""Longest start that is waited for."""
_DRAW_S = 120
"""Longest wait for what the screen shall show."""
S = TypeVar("S", Qmp, Pins)
_EMULATOR = (
    *("qemu-system-aarch64", "-accel", "tcg,thread=multi", "-display", "none", "-no-reboot"),
    *("-serial", "stdio", "-monitor", "none"),
)


class Board:
    """One emulated board with the card ``disk``; ``with`` switches it off whatever happens.

    Attributes:
        disk: the card, as a file.
        folder: where sockets, pictures and the log of each start are.
        log: what the serial line has said since the last start.
        qmp: QEMU's monitor, while it runs.
    """

    def __init__(self, disk: Path, folder: Path) -> None:
        self.disk, self.folder = disk, folder
        self.starts = 0
        self.log = folder / "serial.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._sockets = ExitStack()

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.pull_the_plug()

    @property
    def running(self) -> bool:
        """Whether QEMU is there."""
        return self._process is not None and self._process.poll() is None

    def switch_on(self, *board: str) -> None:
        """Start QEMU with the words that describe the board, and what a boot loader would load."""
        assert not self.running
        socket = self.folder / "qmp"
        socket.unlink(missing_ok=True)
        self.starts += 1
        self.log = self.folder / f"serial-{self.starts}.log"
        with self.log.open("wb") as said:
            self._process = subprocess.Popen(
                [*_EMULATOR, *board, "-qmp", f"unix:{socket},server=on,wait=off"],
                stdin=subprocess.PIPE,
                stdout=said,
            )
        eventually(lambda: self._is_there(socket), 60, "QEMU's monitor")
        self.qmp = self.connect(Qmp(socket))

    def pull_the_plug(self) -> None:
        """Cut the power: QEMU is killed, the guest gets no warning."""
        if self._process is None:
            return
        self._process.kill()
        self._process.communicate()
        self._process = None
        self._sockets.close()

    def connect(self, socket: S) -> S:
        """Keep one of QEMU's sockets until the power is cut."""
        self._sockets.callback(socket.close)
        return socket

    def type(self, text: str) -> None:
        """Send ``text`` over the serial line, as somebody who types there."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(text.encode())
        self._process.stdin.flush()

    def output(self) -> str:
        """Return what the serial line has said since the last start."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait_for(self, text: str, timeout_s: float = BOOT_S, times: int = 1) -> float:
        """Wait until the serial line has said ``text`` so often; return how many seconds."""
        began = time.monotonic()

        def said() -> bool:
            found = self.output().count(text) >= times
            assert found or self.running, f"the machine went off:\n{self.output()[-3000:]}"
            return found

        try:
            eventually(said, timeout_s, repr(text))
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.output()[-5000:]}") from None
        return time.monotonic() - began

    def wait_for_more(self, text: str, times: int = 1) -> None:
        """Wait until the serial line says ``text`` so many times more than until now."""
        self.wait_for(text, times=self.output().count(text) + times)

    def wait_until_off(self, timeout_s: float = BOOT_S) -> None:
        """Wait until the guest has switched off or started again (QEMU then ends)."""
        eventually(lambda: not self.running, timeout_s, "the machine going off")
        self.pull_the_plug()

    def failed_units(self) -> list[str]:
        """Return the lines in which systemd tells of a failure."""
        return [line for line in self.output().splitlines() if "FAILED" in line]

    def picture(self, name: str) -> Path:
        """Save what the screen shows as a PNG file and return its path."""
        path = self.folder / f"{name}.png"
        self.qmp.ask("screendump", filename=str(path), format="png")
        return path

    def changed_picture(self, name: str, before: Path) -> Path:
        """Save what the screen shows as soon as it differs from ``before``; return its path."""
        seen = before.read_bytes()
        eventually(
            lambda: self.picture(name).read_bytes() != seen, _DRAW_S, f"{name} on the screen"
        )
        return self.folder / f"{name}.png"

    def _is_there(self, socket: Path) -> bool:
        assert self.running, "QEMU ended at once"
        return socket.exists()


def virtual(disk: Path, read_only: bool = False) -> tuple[str, ...]:
    """Describe QEMU's own board, with a card, a screen of 1280 by 800 and nothing to plug in."""
    lock = "on" if read_only else "off"
    return (
        *("-M", "virt", "-cpu", "cortex-a53", "-smp", "2", "-m", "1024"),
        *("-device", "virtio-gpu-pci,xres=1280,yres=800", "-device", "virtio-rng-pci"),
        *("-drive", f"if=none,id=card,format=raw,file={disk},read-only={lock}"),
        *("-device", "virtio-blk-pci,drive=card"),
    )


def loaded(kernel: Path, initrd: Path, command_line: str) -> tuple[str, ...]:
    """Describe what the boot loader has loaded."""
    return ("-kernel", str(kernel), "-initrd", str(initrd), "-append", command_line)
