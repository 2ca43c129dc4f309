"""A stock system under QEMU, without any network, spoken to by its serial line."""

import itertools
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from tests.fakes.wait import eventually
from tests.image.stock import Stock

_LINE = "root=/dev/vda2 rw console=ttyAMA0 systemd.show_status=1 net.ifnames=0"


class Console:
    """One emulated board; ``with`` switches it off whatever happens."""

    def __init__(self, stock: Stock, folder: Path) -> None:
        self._stock = stock
        self._socket = folder / "serial"
        self._log = folder / "serial.log"
        self._said = ""
        self._questions = itertools.count(1)

    def __enter__(self) -> Self:
        self._socket.unlink(missing_ok=True)
        self._qemu = subprocess.Popen(
            ["qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a53", "-smp", "2", "-m", "1024",
             "-accel", "tcg,thread=multi", "-nic", "none", "-display", "none", "-no-reboot",
             "-drive", f"if=none,id=card,format=raw,file={self._stock.card}",
             "-device", "virtio-blk-pci,drive=card", "-device", "virtio-rng-pci",
             "-kernel", self._stock.kernel, "-initrd", self._stock.initrd, "-append", _LINE,
             "-serial", f"unix:{self._socket},server=on,wait=off", "-monitor", "none"],
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        eventually(self._socket.exists, 30, "the serial line")
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(str(self._socket))
        self._line.settimeout(0.2)
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    def cut(self) -> None:
        """Cut the power."""
        self._qemu.kill()
        self._qemu.wait()
        self._line.close()

    def wait_for(self, text: str, seconds: float) -> float:
        """Wait until it has said ``text``; return after how many seconds."""
        began = time.monotonic()
        try:
            eventually(lambda: text in self._heard(), seconds, repr(text))
        except AssertionError as error:
            raise AssertionError(f"{error}; it said:\n{self._said[-6000:]}") from None
        return time.monotonic() - began

    def ask(self, command: str, seconds: float = 120) -> str:
        """Run a command in root's shell and return what it prints."""
        number = next(self._questions)
        # Cut in two, so that the echo of the command is not taken for its end.
        self._line.sendall(f"{command}; echo 'en''d {number}'\n".encode())
        before = len(self._said)
        self.wait_for(f"end {number}", seconds)
        answer = self._said[before:].partition(f"end {number}")[0]
        return answer.replace("\r\n", "\n").partition("\n")[2]

    def _heard(self) -> str:
        try:
            while data := self._line.recv(65536):
                self._said += data.decode("utf-8", "replace")
                self._log.write_text(self._said)
        except TimeoutError:
            assert self._qemu.poll() is None, f"QEMU ended; it said:\n{self._said[-6000:]}"
        return self._said
