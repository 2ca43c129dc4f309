"""``run --simulate``: lines of text move mock pins, as a finger would move real ones.

=============================  =============================================================
line                           what it does
=============================  =============================================================
``press CHOICE [MS]``          press a button for MS milliseconds (default: 80)
``bounce CHOICE [MS]``         the same with a contact that bounces at both ends
``hold CHOICE SECONDS``        hold a button; the injected clock runs through the seconds
``together CHOICE CHOICE``     press two buttons at once
``touch KIND NAME``            touch what is on the screen: a choice, item or key
``advance SECONDS``            move the injected clock forward
``wind SECONDS``               set the wall clock alone, back with a minus
``state``                      print one line of JSON with the state and what is shown
=============================  =============================================================

The pins are gpiozero's mock pins; everything behind them is what a real terminal runs. A line is
done when its press has been stored or refused, so the next line never overtakes it.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from device.core.view import targets_of
from device.simulation.lines import LineError, choice_of, lines_of, number_of, target_of, words_of
from wire.records import CHOICES

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.calls import Calls
    from device.clock import SimulatedClock
    from device.counter.desk import Desk
    from device.hardware.reader import ButtonReader
    from device.ports import Appended
    from device.settings import ButtonSettings
    from wire.records import Choice, Rating

PRESS_MS = 80
LEAST_SAMPLES = 8  # a busy machine samples late: hold until the line was really looked at
_BOUNCES = 6
_LONGEST_MS = 60_000
_LONGEST_S = 366 * 86_400.0
_LONGEST_HOLD_S = 600.0
_HOLD_STEP_MS = 250


class MockFingers:
    """Moves the mock pins.

    Args:
        factory: gpiozero's MockFactory with the buttons on it.
        settings: Which pins, and how they are wired.
    """

    def __init__(self, factory: Any, settings: ButtonSettings) -> None:
        self._pins = dict(zip(CHOICES, map(factory.pin, settings.pins), strict=True))
        self._pull_up = settings.pull_up

    def move(self, choice: Choice, *, down: bool) -> None:
        """Put a button's pin on the level of pressed or released."""
        pin = self._pins[choice]
        if down == self._pull_up:
            pin.drive_low()
        else:
            pin.drive_high()
        pin.clear_states()  # the mock keeps every change otherwise


class Simulation:
    """Obeys lines, one after the other, in a thread of its own.

    Args:
        fingers: Moves the pins.
        reader: The buttons, to know when a press was looked at.
        clock: The injected clock.
        calls: The way into the main loop.
        desk: The desk, for ``touch`` and ``state``.
    """

    def __init__(
        self,
        fingers: MockFingers,
        reader: ButtonReader,
        clock: SimulatedClock,
        calls: Calls,
        desk: Desk,
    ) -> None:
        self._fingers = fingers
        self._reader = reader
        self._clock = clock
        self._calls = calls
        self._desk = desk
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._words: dict[str, Callable[[list[str]], None]] = {
            "press": self._press,
            "bounce": self._bounce,
            "hold": self._hold,
            "together": self._together,
            "touch": self._touch,
            "advance": self._advance,
            "wind": self._wind,
            "state": self._state,
        }

    def start(self, at_end: Callable[[], None]) -> None:
        """Read standard input until it ends; then call ``at_end`` in the main loop."""

        def read() -> None:
            for line in lines_of(sys.stdin.fileno(), self._stopping):
                if self._stopping.is_set():
                    return
                self.obey(line)
            self._calls.post(at_end)

        self._thread = threading.Thread(target=read, name="simulation")
        self._thread.start()

    def stop(self) -> None:
        """End the thread, also where it waits for a line; the main loop has ended."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def obey(self, line: bytes) -> None:
        """Do what a line says, or say on standard error why not."""
        try:
            words = words_of(line)
            if words:
                self._words[words[0]](words[1:])
                self._settle()
        except LineError as error:
            print(f"hailong-terminal: {error}", file=sys.stderr, flush=True)  # noqa: T201 - the command's own voice

    def _press(self, words: list[str]) -> None:
        choice, wanted = self._choice_and_ms(words)
        before = self._reader.samples
        self._fingers.move(choice, down=True)
        self._stopping.wait(wanted / 1000)
        if len(words) == 1:
            self._wait_for_samples(before + LEAST_SAMPLES)
        self._fingers.move(choice, down=False)

    def _bounce(self, words: list[str]) -> None:
        choice, wanted = self._choice_and_ms(words)
        before = self._reader.samples
        self._chatter(choice)
        self._fingers.move(choice, down=True)
        self._stopping.wait(wanted / 1000)
        if len(words) == 1:
            self._wait_for_samples(before + LEAST_SAMPLES + _BOUNCES)
        self._chatter(choice)
        self._fingers.move(choice, down=False)

    def _chatter(self, choice: Choice) -> None:
        for _ in range(_BOUNCES):
            self._fingers.move(choice, down=True)
            time.sleep(0.0004)
            self._fingers.move(choice, down=False)
            time.sleep(0.0004)

    def _hold(self, words: list[str]) -> None:
        if len(words) != 2:
            raise LineError("hold needs a choice and seconds, like: hold satisfied 12")
        choice, seconds = choice_of(words[0]), number_of(words[1], _LONGEST_HOLD_S)
        before = self._reader.samples
        self._fingers.move(choice, down=True)
        self._wait_for_samples(before + LEAST_SAMPLES)
        for _ in range(round(seconds * 1000 / _HOLD_STEP_MS)):
            self._calls.ask(lambda: self._clock.advance(_HOLD_STEP_MS), self._stopping)
            self._wait_for_samples(self._reader.samples + 2)
        self._fingers.move(choice, down=False)

    def _together(self, words: list[str]) -> None:
        if len(words) != 2:
            raise LineError("together needs two choices, like: together satisfied unsatisfied")
        both = [choice_of(word) for word in words]
        before = self._reader.samples
        for down in (True, False):
            for choice in both:
                self._fingers.move(choice, down=down)
            self._wait_for_samples(before + 2 * LEAST_SAMPLES)

    def _touch(self, words: list[str]) -> None:
        target = target_of(words)
        shown: list[bool] = []

        def touch() -> None:
            shown.append(target in targets_of(self._desk.shown))
            if shown[0]:
                self._desk.touch(target)

        if self._calls.ask(touch, self._stopping) and not shown[0]:
            raise LineError(f"there is no {target.kind} {target.name!r} on the screen now")

    def _advance(self, words: list[str]) -> None:
        if len(words) != 1:
            raise LineError("advance needs seconds, like: advance 5")
        milliseconds = round(number_of(words[0], _LONGEST_S) * 1000)
        self._calls.ask(lambda: self._clock.advance(milliseconds), self._stopping)

    def _wind(self, words: list[str]) -> None:
        if len(words) != 1:
            raise LineError("wind needs seconds, like: wind -3600")
        back = words[0].startswith("-")
        milliseconds = round(number_of(words[0].removeprefix("-"), _LONGEST_S) * 1000)
        self._calls.ask(
            lambda: self._clock.wind(-milliseconds if back else milliseconds), self._stopping
        )

    def _state(self, words: list[str]) -> None:
        if words:
            raise LineError("state stands alone")
        self._calls.ask(lambda: _say(self._state_of_desk()), self._stopping)

    def _state_of_desk(self) -> dict[str, object]:
        session = self._desk.session
        return {
            "state": session.phase,
            "visit": session.visit.id if session.visit else None,
            "ticket": session.visit.ticket if session.visit else None,
            "shown": self._desk.shown.kind,
            "rejected": self._desk.rejected,
            "out_of_service": self._desk.out_of_service,
            "up": self._clock.up_ms(),
        }

    def _choice_and_ms(self, words: list[str]) -> tuple[Choice, float]:
        if not 1 <= len(words) <= 2:
            raise LineError("needs a choice and perhaps milliseconds, like: press satisfied 80")
        wanted = number_of(words[1], _LONGEST_MS) if len(words) == 2 else PRESS_MS
        return choice_of(words[0]), wanted

    def _wait_for_samples(self, number: int, longest_s: float = 2.0) -> None:
        polls = int(longest_s / 0.002)
        while self._reader.samples < number and polls and not self._stopping.is_set():
            self._reader.look()
            time.sleep(0.002)
            polls -= 1

    def _settle(self) -> None:
        """Wait until the lines are at rest and the main loop has done all that came of it."""
        self._wait_for_samples(self._reader.samples + 2)
        for _ in range(1000):
            if not self._reader.busy:
                break
            time.sleep(0.002)
        self._calls.ask(lambda: None, self._stopping)


def print_rating(rating: Rating, ticket: str | None, appended: Appended) -> None:
    """Print the line that tells a script that a rating is stored."""
    _say(
        {
            "seq": appended.seq,
            "visit": rating.visit,
            "ticket": ticket,
            "choice": rating.choice,
            "standing": appended.standing,
        }
    )


def _say(what: dict[str, object]) -> None:
    print(json.dumps(what, ensure_ascii=False), flush=True)  # noqa: T201 - what the command answers
