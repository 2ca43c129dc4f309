"""The ports of the terminal: what its processes need from the outside, as Protocols.

Real adapters live in ``clock.py``, ``hardware/``, ``screen/``, ``journal/`` and ``inbox/``; the
tests have simpler ones in ``tests/fakes``. Only the entry files build real objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from device.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from device.core.cues import Cue
    from device.core.machine import Machine
    from device.core.policy import Look, Texts
    from device.core.press import PressEvent
    from device.core.targets import Target
    from device.core.told import Verdict, Word
    from device.core.view import Trouble, View
    from wire.records import Body, ClockQuality


class JournalError(Exception):
    """The journal could not take or read a record; nothing of what was asked counts as stored.

    The text says what is wrong and what to do, and holds nothing secret.

    Attributes:
        trouble: What kind of trouble it is, for the screen.
    """

    trouble: Trouble = "other"

    def __init__(self, text: str, trouble: Trouble | None = None) -> None:
        super().__init__(text)
        if trouble is not None:
            self.trouble = trouble


class ChainEndedError(JournalError):
    """The journal had to begin a new chain, into which the record does not belong."""


class ButtonsError(DeviceError):
    """A pin that the settings name can't be had; the text says which, and holds nothing secret."""


class MachineError(Exception):
    """The machine does not do what was asked; the text says why, and holds nothing secret."""


@dataclass(frozen=True, slots=True)
class Appended:
    """Where a record stands after its durable commit.

    Attributes:
        chain: Id of the chain, 32 hexadecimal digits.
        seq: Position in the chain, from 1.
        hash: base64url SHA-256 of the signed record.
        standing: True when the record is a rating that stands for its visit, or an unbound one
            that counts as such; False for a contested rating and every other type.
    """

    chain: str
    seq: int
    hash: str
    standing: bool


class Clock(Protocol):
    """The only source of time; everything else is told the time."""

    @property
    def boot_id(self) -> str:
        """Random id (32 hexadecimal digits) of the span in which ``up_ms`` is comparable."""

    def up_ms(self) -> int:
        """Monotonic milliseconds since the machine's boot."""

    def wall_ms(self) -> int:
        """What the clock shows, Unix milliseconds; believe it only as far as ``quality`` goes."""

    def quality(self) -> ClockQuality:
        """How far ``wall_ms`` can be believed."""


class Journal(Protocol):
    """The terminal's append-only journal of signed records."""

    def append(self, body: Body) -> Appended:
        """Stamp, sign and durably commit one record.

        Raises:
            JournalError: Nothing was stored; no thank-you may be shown.
        """

    def check_room(self) -> None:
        """Make sure that there is room for the next record; cheap.

        Raises:
            JournalError: There is too little.
        """

    def standing(self, visit: str) -> int | None:
        """Return the seq of the rating that stands for ``visit``, or None.

        Raises:
            JournalError: The journal cannot be read.
        """


class TicketSource(Protocol):
    """Where the ticket being served is learned."""

    def take(self) -> Word | None:
        """Return the oldest word that is not settled, the same again until it is; never blocks."""

    def settle(self, verdict: Verdict) -> None:
        """The word that `take` gave last was judged, and what it asks for is durably stored."""

    def report(self) -> dict[str, Any]:
        """Return figures for the health report by name; ``faults``: what is wrong now."""

    def fileno(self) -> int:
        """Return a descriptor that becomes readable when ``take`` may have something."""

    def drain(self) -> None:
        """Take the wake-ups off the descriptor; never blocks."""


class Buttons(Protocol):
    """The three physical buttons, already free of bounce and noise, and their LEDs."""

    def take(self) -> Sequence[PressEvent]:
        """Return what happened since the last call, oldest first; never blocks."""

    def fileno(self) -> int:
        """Return a descriptor that becomes readable when ``take`` has something."""

    def reads(self) -> bool:
        """Return True once the level of each button was read; None to read counts as read."""

    def acknowledge(self, on: bool) -> None:
        """Light or darken all LEDs: the same light for every choice."""

    def light_one(self, button: int) -> None:
        """Light one button's LED alone, to try it out; never for a press that is a rating."""

    def close(self) -> None:
        """Release the pins; LEDs go dark."""


class Screen(Protocol):
    """Shows views and says what was touched."""

    def show(self, view: View) -> None:
        """Put ``view`` on the panel; does nothing when it is already there."""

    def dress(self, look: Look, texts: Texts) -> None:
        """Change how everything looks and which words the office has of its own."""

    def touched(self) -> Sequence[Target]:
        """Return the targets touched since the last call: down and up inside the same one."""

    @property
    def driver(self) -> str:
        """What brings the pixels to the panel, for the health report."""

    def wakes(self) -> Sequence[int] | None:
        """Return descriptors that become readable when somebody touches.

        None where only asking tells; empty where nobody can touch.
        """

    def closed(self) -> bool:
        """Return True when a person closed the window (never on the panel of a terminal)."""

    def close(self) -> None:
        """Give the panel back."""


class Computer(Protocol):
    """The machine under the terminal."""

    def reboot(self) -> None:
        """Start the machine again; this process will be told to end.

        Raises:
            MachineError: It does not.
        """


class Sensors(Protocol):
    """What the machine can say of itself."""

    def read(self, up: int) -> Machine:
        """Return the figures at ``up`` milliseconds; cheap, and never an error."""


class Sound(Protocol):
    """The loudspeaker."""

    def play(self, cues: Sequence[Cue], language: str) -> None:
        """Begin to play; never waits and never fails."""

    def report(self) -> Mapping[str, Any]:
        """Return what the health report says of it."""

    def close(self) -> None:
        """Give the loudspeaker back."""
