"""A stock system under QEMU, without any network, spoken to by its serial line.

The shell there is systemd's own for looking into a start (systemd-debug-generator(8)): it is there
before anything else, and the start goes on behind it without a word, so nothing is printed in
between its answers.
"""

import itertools
from pathlib import Path

from tests.image.qemu import Board, loaded, virtual
from tests.image.stock import Stock

_LINE = (
    "root=/dev/vda2 rw net.ifnames=0 audit=0 quiet systemd.show_status=0 console=ttyAMA0 "
    "systemd.debug_shell=ttyAMA0 systemd.mask=serial-getty@ttyAMA0.service"
)
_PROMPT = "# "


class Console(Board):
    """One emulated board with a card of the stock system, and a shell of root's on its line."""

    def __init__(self, stock: Stock, folder: Path) -> None:
        super().__init__(stock.card, folder)
        self._stock = stock
        self._questions = itertools.count(1)

    def start(self) -> None:
        """Switch on, until the shell is there, which is long before the start is through."""
        self.switch_on(
            *virtual(self.disk),
            *loaded(self._stock.kernel, self._stock.initrd, _LINE),
            *("-nic", "none"),
        )
        self.wait_for(_PROMPT)

    def ask(self, command: str, seconds: float = 120) -> str:
        """Run a command in root's shell and return what it prints."""
        begin, end = (f"{word} {next(self._questions)}." for word in ("begin", "end"))
        # Each cut in two, so that the echo of what is typed is not taken for them.
        self.type(f"echo be''{begin[2:]}; {command}; echo en''{end[2:]}\n")
        self.wait_for(end, seconds)
        answer = self.output().partition(begin)[2].partition(end)[0]
        return answer.replace("\r\n", "\n").removeprefix("\n")
