"""A machine with two slots that tries a new one once, and the parts of updates around it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from device.core.quiet import Pulse
from device.core.updating import Patience
from device.ports import Clock
from device.settings.update import UpdateSettings
from device.updates import root
from device.updates.download import Download
from device.updates.folder import UpdateFolder
from device.updates.rauc import RaucError, Slots
from device.updates.updater import Machine, Updater
from wire.commands import Bundle
from wire.up import CommandResult

PATIENCE = Patience(
    draw_ms=600_000, receipt_ms=7_200_000, unheard_ms=86_400_000, compare_ms=1_800_000
)


def settings(data: Path) -> UpdateSettings:
    return UpdateSettings(data / "update", 600, PATIENCE)


def nothing_fetched(_bundle: Bundle) -> Download:
    raise AssertionError("nothing was to be fetched")


def updater(
    data: Path,
    clock: Clock,
    *,
    machine: Machine | None = None,
    computer: Any = None,
    fetch: Callable[[Bundle], Any] = nothing_fetched,
    answer: Callable[[CommandResult], None] = lambda _result: None,
    counter: Callable[[], tuple[Pulse, int]] = lambda: (Pulse(), 0),
    heard: Callable[[], bool] = lambda: False,
) -> Updater:
    """Return an uplink's part of updates; what a test doesn't give does nothing."""
    return Updater(
        machine or Machine("boot-1", "1.0.0"),
        settings(data),
        UpdateFolder(data / "update"),
        clock,
        computer,
        fetch,
        answer,
        counter,
        heard,
    )


@dataclass
class TwoSlots:
    """The boot loader and RAUC: what is set to be next is tried once.

    Attributes:
        versions: what each slot holds; ``broken``: versions that don't start.
        boot: id of the boot.
    """

    versions: dict[str, str] = field(default_factory=lambda: {"A": "1.0.0", "B": "0.9.0"})
    broken: set[str] = field(default_factory=set)
    booted: str = "A"
    kept: str = "A"
    next: str | None = None
    refuses: str = ""
    boot: str = "boot-1"

    @property
    def version(self) -> str:
        return self.versions[self.booted]

    @property
    def other(self) -> str:
        return "B" if self.booted == "A" else "A"

    def start(self) -> None:
        """Start, after power came back or somebody asked for it."""
        tried, self.next = self.next, None
        starts = tried is not None and self.versions[tried] not in self.broken
        self.booted = tried if tried is not None and starts else self.kept
        self.boot = f"boot-{secrets.token_hex(4)}"

    # ---- RAUC ----

    def slots(self) -> Slots:
        primary = (self.next or self.kept) == self.booted
        return Slots(self.booted != self.kept, primary, self.versions[self.other])

    def version_of(self, bundle: Path) -> str:
        return bundle.read_text("utf-8")

    def install(self, bundle: Path) -> None:
        if self.refuses:
            raise RaucError(self.refuses)
        self.versions[self.other] = self.version_of(bundle)
        self.next = self.other

    def mark_good(self) -> None:
        if self.refuses:
            raise RaucError(self.refuses)
        self.kept = self.booted

    def activate(self, which: str) -> None:
        self.next = None if which == "booted" else self.other

    def run_root(self, folder: UpdateFolder) -> int:
        """Run the root side, as its units do."""
        return root.apply(folder, self, self.boot, self.version)  # type: ignore[arg-type]
