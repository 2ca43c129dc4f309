"""What an update of the image is: its states, what is known of it, and what is waited for. Pure.

asked → downloading → verified → (quiet) installing → installed → (quiet) rebooting → trial →
confirming → *confirmed*. `device.core.updating` says what leads from one to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from wire.commands import Bundle
    from wire.up import Outcome

State = Literal[
    "asked",
    "downloading",
    "verified",
    "installing",
    "again",
    "installed",
    "rebooting",
    "trial",
    "confirming",
    "giving_way",
    "comparing",
    "confirmed",
    "fallen_back",
    "failed",
    "refused",
    "expired",
]
STATES: tuple[State, ...] = get_args(State)
OUTCOMES: dict[State, Outcome] = {
    "confirmed": "done",
    "fallen_back": "failed",
    "failed": "failed",
    "refused": "refused",
    "expired": "expired",
}
"""The states in which an update is over, and the answer to its command."""
BEFORE: frozenset[State] = frozenset({"asked", "downloading", "verified"})
"""Nothing was written to a slot yet: the fleet may take the update back."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long what is waited for; milliseconds."""

    draw_ms: int = 600_000
    receipt_ms: int = 7_200_000
    unheard_ms: int = 86_400_000
    compare_ms: int = 1_800_000
    install_ms: int = 3_600_000
    reboot_ms: int = 600_000


@dataclass(frozen=True, slots=True)
class Update:
    """An update and how far it is; kept on the disk at each change.

    Attributes:
        n: Number of the command that asked for it.
        bundle: What is to be installed.
        state: How far it is.
        reason: For people: why it is over, or gives way.
        boot: Id of the machine's boot in which ``state`` began, at ``since`` (its ``up``).
        heard: The image that gave way for the trial had got a receipt in its boot.
        trials: How often the new image was started.
    """

    n: int
    bundle: Bundle
    state: State = "asked"
    reason: str = ""
    boot: str = ""
    since: int = 0
    heard: bool = False
    trials: int = 0

    @property
    def is_over(self) -> bool:
        """True when it has an outcome."""
        return self.state in OUTCOMES

    @property
    def request(self) -> str:
        """What the root side is asked in this state, named: it answers each once."""
        return f"{self.n}-{self.state}-{self.boot[:8]}-{self.since}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when a step is made.

    Attributes:
        boot: Id of the machine's boot, and ``up`` its milliseconds.
        image: Version of the image that runs.
        trial: The machine will not start this image again unless it is confirmed; None as long
            as the root side has not spoken in this boot.
        settled: The root side had time enough to speak.
        at: Unix milliseconds, None while the clock is not believed.
        fetched: ``good`` once the whole bundle lies there with the right hash; else the reason
            why it will not, or None while it is under way.
        free: Bytes that the download may still take from the disk.
        answer: The root side's word on the last request, empty when it was done; None before.
        quiet: Nobody would miss the terminal now.
        drawn: A screen was drawn, ``read``: buttons were read, ``receipt``: a receipt answered
            this terminal's question; all since the machine started.
    """

    boot: str
    up: int
    image: str
    trial: bool | None = None
    settled: bool = False
    at: int | None = None
    fetched: str | None = None
    free: int = 0
    answer: str | None = None
    quiet: bool = False
    drawn: bool = False
    read: bool = False
    receipt: bool = False
