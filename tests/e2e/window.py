"""A counter where people of ``tests/fakes/people.py`` come: every step is done for real.

Touches are pointer events into the terminal's own window, presses move its mock pins, and the
queue system speaks through the REST API.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Literal

from device.core.policy import REASONS
from device.core.targets import Key, Target
from device.core.view import View
from device.screen.window import window_screen
from device.settings import ScreenSettings
from tests.e2e.system import System, Terminal
from tests.fakes.display import Display, Place
from tests.fakes.left_open import closed_later
from tests.fakes.people import Citizen
from tests.fakes.wait import eventually
from wire.records import CHOICES, Choice

BETWEEN_S = 6
"""From one citizen to the next: longer than the lock and the time for corrections."""
OVER_S = 61
"""After this a closed ticket takes no rating any more."""
_MASHES = 12
_HAMMERS = 6


@dataclass
class Window:
    """The terminal's window, and where its targets are by the same code that drew it."""

    display: Display
    counter_name: str
    settings: ScreenSettings = field(default_factory=ScreenSettings)

    def __post_init__(self) -> None:
        self._same = closed_later(window_screen(self.settings, visible=False, title="the same"))

    def place(self, view: View, target: Target) -> Place:
        """Return a place inside a target, after a look whether the window shows it there."""
        self._same.show(view)
        painted = self._same._painted
        assert painted is not None
        box = painted.targets[target]
        edge = (box.left + 3, box.centery)
        shown, expected = self.display.picture().colour(edge), painted.surface.get_at(edge)
        assert shown == f"#{bytes(expected[:3]).hex()}", f"{view} does not show {target}"
        return (box.centerx, box.bottom - 12)

    def touch(self, *places: Place) -> None:
        """Touch places one after the other, faster than any child can."""
        self.pointer([_touch(place) for place in places])

    def pointer(self, moves: list[tuple[str | int, ...]]) -> None:
        """Do several things with the pointer in one go."""
        self.display.pointer(*(word for move in moves for word in move))


@dataclass
class Desk:
    """One counter with its terminal, its window, and the queue system before it.

    Attributes:
        number: of the last ticket.
        extra: corrections that nobody meant; see `hammer`.
    """

    system: System
    terminal: Terminal
    window: Window
    number: int = 0
    extra: int = 0

    def serve(self, citizen: Citizen) -> None:
        """Let one citizen come, and do all steps."""
        self.number += 1
        self.ticket = f"A{self.number:03d}"
        self.visit: str | None = None
        self.chosen: set[str] = set()
        self.tell("advance", BETWEEN_S)
        for verb, *words in citizen.steps:
            VERBS[verb](self, *words)

    def tell(self, *words: object) -> None:
        """Write a line to the terminal, and wait until it is done."""
        self.terminal.run.say(" ".join(map(str, words)))
        self.state()

    def state(self) -> dict[str, Any]:
        """Return the terminal's state once it has done everything that came before.

        Lines that tell of ratings may stand before the answer.
        """
        self.terminal.run.say("state")
        while True:
            said = self.terminal.run.said.get(timeout=30)
            if "state" in said:
                return said
            self.terminal.accepted.append(said)

    # ---- the steps ----

    def queue(self, event: str) -> None:
        """Tell an event, and wait until the terminal's own record of it is held."""
        self.visit = self.system.ticket(self.terminal.counter, self.ticket, event, self.visit)
        eventually(self._heard(event), 30, f"{event} of {self.ticket} by the terminal")

    def _heard(self, event: str) -> Callable[[], bool]:
        return lambda: bool(
            self.system.query(
                "select 1 from ticket_event where visit_id = ? and event = ? and source = ?",
                self.visit, event, "terminal",
            )
        )  # fmt: skip

    def press(self, choice: Choice) -> None:
        """Press a button."""
        self.tell("press", choice)

    def together(self, one: Choice, other: Choice) -> None:
        """Press two buttons at once."""
        self.tell("together", one, other)

    def wait(self, seconds: str) -> None:
        """Let the clock run."""
        self.tell("advance", seconds)

    def touch(self, choice: Choice) -> None:
        """Touch a choice."""
        self.window.touch(self._choice(choice))
        self.state()

    def slip(self, one: Choice, other: Choice) -> None:
        """Put the finger down on one choice and lift it on another."""
        self.window.pointer([_drag(self._choice(one), self._choice(other))])
        self.state()

    def slip_off(self, choice: Choice) -> None:
        """Put the finger down on a choice and lift it beside all of them; and the reverse."""
        on, off = self._choice(choice), (1, 1)
        self.window.pointer([_drag(on, off), _drag(off, on)])
        self.state()

    def mash(self, choice: Choice, seed: str) -> None:
        """Touch around: many times down here and up there, once down and up on the choice."""
        chance = Random(int(seed))
        places = [(1, 1), *(self._choice(each) for each in CHOICES)]
        moves = [_mashing(chance, places) for _ in range(_MASHES)]
        moves.insert(chance.randrange(_MASHES), _touch(self._choice(choice)))
        self.window.pointer(moves)
        self.state()

    def hammer(self, choice: Choice) -> None:
        """Touch the same choice again and again."""
        place = self._choice(choice)
        before, began = len(self.terminal.accepted), self.state()["up"]
        self.window.touch(*[place] * _HAMMERS)
        took = self.state()["up"] - began
        taken = self.terminal.accepted[before:]
        # Only on a machine that stands still for so long is the lock over before the last touch.
        assert len(taken) == 1 or took > 1_500
        self.extra += len(taken) - 1

    def mash_idle(self, seed: str) -> None:
        """Touch anywhere while nobody is being served."""
        self.tell("advance", OVER_S)
        assert self.state()["state"] == "idle"
        chance, size = Random(int(seed)), self.window.settings
        places = [
            (chance.randrange(size.width_px), chance.randrange(size.height_px))
            for _ in range(_MASHES)
        ]
        self.window.touch(*places)
        self.state()

    def touch_while_pressing(self, touched: Choice, pressed: Choice) -> None:
        """Hold a finger on one choice while the button of another is pressed."""
        self.window.pointer([("mousemove", *self._choice(touched), "mousedown", 1)])
        self.press(pressed)
        self.window.pointer([("mouseup", 1)])
        self.state()

    def tap(self, kind: Literal["item", "key"], name: str) -> None:
        """Touch an item or a key."""
        self.window.touch(self._place(Target(kind, name)))
        if kind == "item":
            self.chosen ^= {name}
        self.state()

    def slip_items(self, down: str, up: str) -> None:
        """Put the finger down on one item and lift it on another."""
        places = [self._place(Target("item", code)) for code in (down, up)]
        self.window.pointer([_drag(*places)])
        self.state()

    def _choice(self, choice: Choice) -> Place:
        return self._place(Target("choice", choice))

    def _place(self, target: Target) -> Place:
        view = View(self.state()["shown"], self.window.counter_name, self.ticket)
        if view.kind == "reasons":
            keys: tuple[Key, ...] = ("skip", "done") if self.chosen else ("skip",)
            chosen = tuple(sorted(self.chosen))
            view = replace(view, items=REASONS, chosen=chosen, keys=(*keys, "language"))
        else:
            keys = ("continue", "language") if view.kind == "correction" else ("language",)
            view = replace(view, choices=CHOICES, keys=keys)
        return self.window.place(view, target)


def _touch(place: Place) -> tuple[str | int, ...]:
    return ("mousemove", *place, "mousedown", 1, "mouseup", 1)


def _drag(down: Place, up: Place) -> tuple[str | int, ...]:
    return ("mousemove", *down, "mousedown", 1, "mousemove", *up, "mouseup", 1)


def _mashing(chance: Random, places: list[Place]) -> tuple[str | int, ...]:
    """Return what commits nothing on any screen: another column for up, or another button."""
    down, up = chance.sample(places, 2)
    if chance.random() < 0.3:
        return ("mousemove", *down, "click", chance.choice((2, 3, 4, 5)))
    return _drag(down, up)


VERBS: dict[str, Callable[..., None]] = {
    "queue": Desk.queue,
    "press": Desk.press,
    "together": Desk.together,
    "wait": Desk.wait,
    "touch": Desk.touch,
    "slip": Desk.slip,
    "slip_off": Desk.slip_off,
    "mash": Desk.mash,
    "hammer": Desk.hammer,
    "mash_idle": Desk.mash_idle,
    "touch_while_pressing": Desk.touch_while_pressing,
    "tap": Desk.tap,
    "slip_items": Desk.slip_items,
}
