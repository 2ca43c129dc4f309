"""One terminal of the demo: enrolled through EST, then its two real processes."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock, Thread
from typing import IO

from fleet_server.demo.plan import CounterPlan
from fleet_server.demo.processes import Child, Processes, close, program
from fleet_server.demo.tally import Press

SETTINGS = """\
[terminal]
id = "{id}"
counter = "{counter}"
counter_name = "{name}"
data = "data"
clock = "host"
"""


class DemoTerminal:
    """A terminal with mock pins: the demo presses its buttons through standard input.

    Args:
        plan: the counter it stands at.
        folder: where its files go.
        on_press: is told of each press that the terminal took, from a thread of its own.
    """

    def __init__(self, plan: CounterPlan, folder: Path, on_press: Callable[[Press], None]) -> None:
        self.plan = plan
        self._folder = folder
        self._config = folder / "terminal.toml"
        self._on_press = on_press
        self._lock = Lock()
        self._input: IO[str] | None = None
        self.reader: Thread | None = None

    def write_settings(self) -> None:
        """Write its ``terminal.toml``."""
        self._folder.mkdir(parents=True)
        text = SETTINGS.format(id=self.plan.terminal, counter=self.plan.code, name=self.plan.name)
        self._config.write_text(text, encoding="utf-8")

    def enrol_command(self, enrolment: Path) -> list[str]:
        """Return the command that makes its key and fetches its certificate."""
        words = ["enrol", "--config", str(self._config), "--file", str(enrolment)]
        return [program("hailong-terminal"), *words]

    def start(self, processes: Processes, *, window: bool) -> None:
        """Start its two processes, and listen to what the first one says."""
        name, config = self.plan.terminal, ["--config", str(self._config)]
        shown = "--window" if window else "--no-window"
        run = processes.start(
            f"{name} run",
            [program("hailong-terminal"), "run", *config, "--simulate", shown],
            talks=True,
        )
        run.window = window
        processes.start(f"{name} uplink", [program("hailong-terminal"), "uplink", *config])
        self._input = run.process.stdin
        self.reader = Thread(target=self._read, args=(run,), name=f"reader {name}", daemon=True)
        self.reader.start()

    def press(self, choice: str) -> None:
        """Press a button. A terminal that has ended takes no press; the demo notices by itself."""
        with self._lock:
            if self._input is not None:
                try:
                    self._input.write(f"press {choice}\n")
                    self._input.flush()
                except OSError:
                    close(self._input)
                    self._input = None

    def _read(self, child: Child) -> None:
        lines = child.process.stdout
        if lines is None:
            return
        with lines:
            for line in lines:
                seq = accepted(line)
                if seq is not None:
                    self._on_press((self.plan.terminal, seq))


def accepted(line: str) -> int | None:
    """Return the seq of the rating that a line of a terminal tells of, or None."""
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return int(said["seq"]) if isinstance(said, dict) and "choice" in said else None


def has_display(env: Mapping[str, str] = os.environ) -> bool:
    """Say whether a window can be shown."""
    if env.get("SDL_VIDEODRIVER") == "dummy":
        return False
    return bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"))
