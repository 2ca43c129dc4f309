"""A GPIO chip in the place of the kernel's, at the edge of ``gpiod``: lines, edges, refusals.

``monkeypatch.setattr(gpiod, "Chip", chips.open)`` puts it there. Edges come through a descriptor
that really becomes readable, since that is what the pin factory waits for.
"""

import errno
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gpiod import EdgeEvent, LineSettings
from gpiod.line import Bias, Direction, Edge, Value


@dataclass
class FakeLine:
    """One line.

    Attributes:
        level: What is on the wire.
        history: Every setting that it was given while somebody had it.
        owner: Who has it.
    """

    level: bool = False
    history: list[LineSettings] = field(default_factory=list)
    owner: str = ""
    request: "FakeRequest | None" = None

    @property
    def settings(self) -> LineSettings:
        """How it is set up now."""
        return self.history[-1]


class FakeChip:
    """A chip with lines.

    Args:
        label: Its label.
        lines: How many.
        no_bias: Number of the error with which a pull is refused; 0 takes it.
        no_edges: Number of the error with which edges are refused; 0 takes them.
    """

    def __init__(
        self, label: str = "pl061", lines: int = 8, no_bias: int = 0, no_edges: int = 0
    ) -> None:
        self.label = label
        self.lines = [FakeLine() for _ in range(lines)]
        self.no_bias = no_bias
        self.no_edges = no_edges
        self.opened = 0

    def set(self, line: int, level: bool) -> None:
        """Change the level on a wire, as a finger does."""
        wire = self.lines[line]
        if wire.level != level:
            wire.level = level
            if wire.request is not None:
                wire.request.edge(rising=level)

    def check(self, settings: LineSettings) -> None:
        """Refuse what the chip cannot do."""
        if self.no_bias and settings.bias not in (Bias.AS_IS, Bias.DISABLED):
            raise OSError(self.no_bias, "no pull")
        if self.no_edges and settings.edge_detection != Edge.NONE:
            raise OSError(self.no_edges, "no interrupts")


class FakeRequest:
    """What a program has of a line."""

    def __init__(self, chip: FakeChip, offset: int, settings: LineSettings) -> None:
        self._chip = chip
        self._line = chip.lines[offset]
        self._offset = offset
        self._edges: list[EdgeEvent] = []
        self.fd, self._write = os.pipe()
        self._configure(settings)
        self._line.request = self

    def reconfigure_lines(self, config: dict[int, LineSettings]) -> None:
        """Change how the line is set up."""
        ((offset, settings),) = config.items()
        assert offset == self._offset
        self._configure(settings)

    def get_value(self, offset: int) -> Value:
        """Return the level."""
        assert offset == self._offset
        return Value(int(self._line.level))

    def set_value(self, offset: int, value: Value) -> None:
        """Set the level."""
        assert (offset, self._line.settings.direction) == (self._offset, Direction.OUTPUT)
        self._line.level = bool(value)

    def wait_edge_events(self, timeout: float) -> bool:
        """Return whether there are edges."""
        assert timeout == 0
        return bool(self._edges)

    def read_edge_events(self) -> list[EdgeEvent]:
        """Return the edges."""
        edges, self._edges = self._edges, []
        os.read(self.fd, 4096)
        return edges

    def edge(self, *, rising: bool) -> None:
        """The level changed."""
        kind = EdgeEvent.Type.RISING_EDGE if rising else EdgeEvent.Type.FALLING_EDGE
        wanted = self._line.settings.edge_detection
        if wanted == Edge.BOTH or wanted == (Edge.RISING if rising else Edge.FALLING):
            self._edges.append(EdgeEvent(kind.value, 10**9, self._offset, 1, 1))
            os.write(self._write, b".")

    def release(self) -> None:
        """Let go of the line."""
        self._line.request, self._line.owner = None, ""
        os.close(self.fd)
        os.close(self._write)

    def _configure(self, settings: LineSettings) -> None:
        self._chip.check(settings)
        self._line.history.append(settings)
        if settings.direction == Direction.OUTPUT:
            self._line.level = bool(settings.output_value)


class FakeChips:
    """All chips of a machine, by their paths; a chip that is None may not be opened."""

    def __init__(self, **chips: FakeChip | None) -> None:
        self._chips = chips

    def open(self, path: str) -> "OpenChip":
        """Open a chip, as ``gpiod.Chip`` does."""
        name = Path(path).name
        if name not in self._chips:
            raise OSError(errno.ENOENT, "No such file or directory")
        chip = self._chips[name]
        if chip is None:
            raise OSError(errno.EACCES, "Permission denied")
        return OpenChip(chip)


class OpenChip:
    """A chip that a program has opened."""

    def __init__(self, chip: FakeChip) -> None:
        self._chip: FakeChip | None = chip
        chip.opened += 1
        self.label, self.num_lines = chip.label, len(chip.lines)

    def __enter__(self) -> "OpenChip":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __bool__(self) -> bool:
        return self._chip is not None

    def get_info(self) -> "OpenChip":
        """Return what the chip says of itself."""
        return self

    def get_line_info(self, offset: int) -> Any:
        """Return who has a line."""
        assert self._chip is not None
        return type("Info", (), {"consumer": self._chip.lines[offset].owner})

    def request_lines(self, config: dict[int, LineSettings], consumer: str) -> FakeRequest:
        """Give a line to a program."""
        assert self._chip is not None
        ((offset, settings),) = config.items()
        if self._chip.lines[offset].owner:
            raise OSError(errno.EBUSY, "Device or resource busy")
        request = FakeRequest(self._chip, offset, settings)
        self._chip.lines[offset].owner = consumer
        return request

    def close(self) -> None:
        """Close the chip."""
        if self._chip is not None:
            self._chip.opened -= 1
        self._chip = None
