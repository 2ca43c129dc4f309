"""QEMU's two control sockets: QMP (JSON) and qtest (lines of text)."""

import json
import re
import socket
from collections import Counter
from pathlib import Path
from typing import Any

_PATIENCE_S = 60


class _Lines:
    """A stream socket that is read line by line."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(_PATIENCE_S)
        self._socket.connect(str(path))
        self._file = self._socket.makefile("rwb")

    def send(self, line: str) -> None:
        """Send one line."""
        self._file.write(f"{line}\n".encode())
        self._file.flush()

    def receive(self) -> str:
        """Return the next line."""
        line: bytes = self._file.readline()
        assert line, "QEMU closed its socket"
        return line.decode().strip()

    def close(self) -> None:
        """Close the socket."""
        self._file.close()
        self._socket.close()


class Qmp:
    """QEMU's monitor (QEMU Machine Protocol)."""

    def __init__(self, path: Path) -> None:
        self._lines = _Lines(path)
        self._lines.receive()
        self.ask("qmp_capabilities")

    def ask(self, command: str, **arguments: Any) -> Any:
        """Run a command and return its answer; events in between are passed over."""
        self._lines.send(json.dumps({"execute": command, "arguments": arguments}))
        while True:
            answer = json.loads(self._lines.receive())
            assert "error" not in answer, f"{command}: {answer['error']}"
            if "return" in answer:
                return answer["return"]

    def close(self) -> None:
        """Close the socket."""
        self._lines.close()


class Pins:
    """The eight lines of the machine's PL061, the kernel's gpiochip: driven and watched by qtest.

    Attributes:
        lit: how often the guest has driven a line high since the start, by line.
    """

    def __init__(self, path: Path, device: str) -> None:
        self._lines, self._device = _Lines(path), device
        self.lit: Counter[int] = Counter()
        self._ask(f"irq_intercept_out {device}")

    def drive(self, line: int, high: bool) -> None:
        """Set the level of an input line."""
        self._ask(f"set_irq_in {self._device} unnamed-gpio-in {line} {int(high)}")

    def look(self) -> Counter[int]:
        """Take in what the guest drove since the last look, and return how often each was lit."""
        self._ask("endianness")
        return self.lit

    def close(self) -> None:
        """Close the socket."""
        self._lines.close()

    def _ask(self, command: str) -> str:
        self._lines.send(command)
        while True:
            said = self._lines.receive()
            if found := re.match(r"IRQ (raise|lower) (\d+)", said):
                self.lit[int(found[2])] += found[1] == "raise"
                continue
            assert said.startswith("OK"), f"{command}: {said}"
            return said
