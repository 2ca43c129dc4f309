"""The two real processes of a terminal: at rest, in memory, and from start to first screen.

A window on a display of its own, an uplink connected to a real broker and server; bare
interpreters beside them.
"""

import io
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from pathlib import Path

from tests.bench.proc import foreign_imports, holder, pss_mib, rests, sleeper
from tests.e2e.system import TERMINAL, running_system
from tests.fakes.display import running_display
from tests.fakes.processes import Process

SECONDS, STARTS = 20.0, 5
SETTLED_S = 12.0
"""Longer than the loop stays lively after something happened."""
AIM_SHARE, AIM_MIB = 0.005, 90
OF_TERMINAL = (
    "device.cli",
    "device.commands.run",
    "device.settings",
    "device.terminal",
    "device.hardware.pins",
    "device.hardware.reader",
    "device.journal.opening",
    "device.tickets.server",
    "device.keeper",
)
OF_UPLINK = ("device.cli", "device.commands.uplink", "device.settings", "device.uplink")
BARE_SCREEN = (
    "import pygame; pygame.display.init(); pygame.display.set_mode((800, 480)); "
    "pygame.display.flip(); print(flush=True)"
)


def run() -> list[str]:
    """Return the figures."""
    with (
        tempfile.TemporaryDirectory() as place,
        running_display(Path(place) / "display", 800, 480) as display,
    ):
        mocks = {"GPIOZERO_PIN_FACTORY": "mock", "SDL_FRAMEBUFFER_ACCELERATION": "0"}
        env = display.env | mocks
        with _running(Path(place), env) as processes:
            time.sleep(SETTLED_S)
            lines = [*_idle(processes), *_memory(processes)]
        return [*lines, *_starts(Path(place), env)]


@contextmanager
def _running(folder: Path, env: dict[str, str]) -> Iterator[list[Process]]:
    with ExitStack() as stack:
        with redirect_stdout(io.StringIO()):  # what the fleet's commands say while it is made
            system = stack.enter_context(running_system(folder, "nats"))
            terminal = system.add_terminal("t-1", "Q1")
        words = ["--config", str(terminal.config)]
        screen = Process([TERMINAL, "run", "--window", *words], terminal.folder / "run.log", env)
        uplink = Process([TERMINAL, "uplink", *words], terminal.folder / "uplink.log")
        for process in (screen, uplink):
            stack.callback(process.stop)
            process.start()
        uplink.wait_for("connected to")
        yield [screen, uplink]


def _idle(processes: Sequence[Process]) -> list[str]:
    """Watch both at rest, and a bare interpreter that wakes as often as the main loop."""
    bare = sleeper(0.25)
    names = ["terminal: window, buttons, journal", "uplink, connected", "bare: select, 4 a second"]
    try:
        found = rests(names, [*(each.pid for each in processes), bare.pid], SECONDS)
    finally:
        bare.kill()
        bare.wait()
    both = found[0].share + found[1].share
    times = both / found[2].share
    verdict = (
        f"{'both':<44} {both:8.3%} of a core   {times:6.1f} x bare; aim: under {AIM_SHARE:.1%}"
    )
    return [*map(str, found), verdict]


def _memory(processes: Sequence[Process]) -> list[str]:
    """Weigh both, then bare interpreters with the same imports at the same time."""
    ours = [pss_mib(each.pid) for each in processes]
    bare = [holder(foreign_imports(*names)) for names in (OF_TERMINAL, OF_UPLINK)]
    try:
        theirs = [pss_mib(each.pid) for each in bare]
    finally:
        for each in bare:
            each.communicate()
    names = ("terminal", "uplink")
    lines = [
        f"{f'memory of the {name} (PSS)':<44} {mine:8.1f} MiB   bare imports {other:8.1f} MiB"
        f"   {mine / other:6.2f} x"
        for name, mine, other in zip(names, ours, theirs, strict=True)
    ]
    total, least = sum(ours), sum(theirs)
    lines.append(
        f"{'both':<44} {total:8.1f} MiB   bare imports {least:8.1f} MiB"
        f"   {total / least:6.2f} x; aim: under {AIM_MIB} MiB"
    )
    return lines


def _starts(folder: Path, env: dict[str, str]) -> list[str]:
    """Time from the start to the first screen that somebody could use."""
    ours = statistics.median(_start(folder / f"start-{number}", env) for number in range(STARTS))
    bare = statistics.median(_bare_start(env) for _ in range(STARTS))
    return [
        f"{'start → first screen, new journal':<44} {ours * 1e3:8.0f} ms",
        f"{'bare: interpreter, pygame, window, flip':<44} {bare * 1e3:8.0f} ms"
        f"   {ours / bare:6.2f} x",
    ]


def _start(folder: Path, env: dict[str, str]) -> float:
    folder.mkdir()
    config = folder / "terminal.toml"
    config.write_text('[terminal]\nid = "t-1"\ncounter = "Q1"\n', "utf-8")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(str(folder / "notify"))
        notify.settimeout(60)
        words = [TERMINAL, "run", "--window", "--config", str(config)]
        told = {**env, "NOTIFY_SOCKET": str(folder / "notify")}
        process = Process(words, folder / "log", told)
        began = time.perf_counter()
        process.start()
        try:
            assert notify.recv(99) == b"READY=1"
            return time.perf_counter() - began
        finally:
            process.stop()


def _bare_start(env: dict[str, str]) -> float:
    began = time.perf_counter()
    words = ["env", *(f"{name}={value}" for name, value in env.items()), sys.executable]
    subprocess.run([*words, "-c", BARE_SCREEN], check=True, capture_output=True)
    return time.perf_counter() - began
