"""Who comes to a counter in a day: what is done there, and what must come out. Data alone.

A step is a verb and its words; ``tests/e2e/window.py`` knows how each is done for real.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from device.core.policy import REASONS
from device.core.targets import Key
from wire.records import CHOICES, Choice, TicketEvent

Step = tuple[str, ...]
Figures = Counter[str]
"""Names of the server's figures, and ``replaced``, ``reasons`` and ``skipped``, which are counted
from the records that it holds; what is not there is 0."""


@dataclass(frozen=True)
class Citizen:
    """Somebody with a ticket.

    Attributes:
        kind: What sort of visit it is.
        steps: From the call on; the ticket's end is one of them.
        figures: What the visit adds to the day's figures.
    """

    kind: str
    steps: tuple[Step, ...]
    figures: Figures = field(default_factory=Counter)


def touch(choice: Choice) -> Step:
    """Put a finger on a choice and lift it there."""
    return ("touch", choice)


def press(choice: Choice) -> Step:
    """Press the choice's button."""
    return ("press", choice)


def item(code: str) -> Step:
    """Touch an item on the screen."""
    return ("tap", "item", code)


def key(name: Key) -> Step:
    """Touch a key on the screen."""
    return ("tap", "key", name)


def wait(seconds: float) -> Step:
    """Let the terminal's clock run."""
    return ("wait", f"{seconds:g}")


def queue(event: TicketEvent) -> Step:
    """Have the queue system tell something of the ticket."""
    return ("queue", event)


CODES = [reason.code for reason in REASONS]
LOCK, CORRECTION = wait(1.6), wait(6)
"""Just over the lock against double presses, and over the time for corrections."""
RUN_OUT = wait(51)
"""Over the time for reasons, with its warning."""
CALL, CLOSE = queue("called"), queue("closed")


def rated(choice: Choice, **more: int) -> Figures:
    """A served visit with a rating that stands."""
    return Counter({"served": 1, "rated": 1, choice: 1, **more})


SERVED = Counter({"served": 1})


# ---- kinds of visits; each is made from a chance ----


def gives_reasons(chance: Random) -> Citizen:
    """Rates, and gives up to three reasons after the time for corrections."""
    one, rate = chance.choice(CHOICES), chance.choice((touch, press))
    steps = (CALL, rate(one), CORRECTION, *_some_items(chance), key("done"), CLOSE)
    return Citizen("gives reasons", steps, rated(one, reasons=1))


def gives_reasons_at_once(chance: Random) -> Citizen:
    """Goes on to the reasons before the time for corrections is over."""
    one = chance.choice(CHOICES)
    steps = (CALL, touch(one), LOCK, key("continue"), *_some_items(chance), key("done"), CLOSE)
    return Citizen("gives reasons at once", steps, rated(one, reasons=1))


def skips(chance: Random) -> Citizen:
    """Gives none, perhaps after having touched one twice."""
    one, code = chance.choice(CHOICES), chance.choice(CODES)
    twice = chance.choice([(), (item(code), item(code))])
    steps = (CALL, touch(one), CORRECTION, *twice, key("skip"), CLOSE)
    return Citizen("skips", steps, rated(one, skipped=1))


def walks_off(chance: Random) -> Citizen:
    """Leaves while reasons are offered: the time runs out, and nothing is recorded."""
    one = chance.choice(CHOICES)
    return Citizen("walks off", (CALL, touch(one), CORRECTION, RUN_OUT, CLOSE), rated(one))


def walks_off_half_way(chance: Random) -> Citizen:
    """Leaves without *done*: what was chosen is kept when the time runs out, or the next comes."""
    one = chance.choice(CHOICES)
    steps = (CALL, touch(one), CORRECTION, *_some_items(chance), *chance.choice([(), (RUN_OUT,)]))
    return Citizen("walks off half way", (*steps, CLOSE), rated(one, reasons=1))


def slips_among_reasons(chance: Random) -> Citizen:
    """Puts the finger down on one item and lifts it on another, and then skips."""
    one, (down, up) = chance.choice(CHOICES), chance.sample(CODES, 2)
    steps = (CALL, touch(one), CORRECTION, ("slip_items", down, up), key("skip"), CLOSE)
    return Citizen("slips among reasons", steps, rated(one, skipped=1))


def contests_among_reasons(chance: Random) -> Citizen:
    """Somebody presses a button while reasons are offered; they are still those of the rating."""
    one, other = chance.sample(CHOICES, 2)
    steps = (CALL, touch(one), CORRECTION, press(other), LOCK, key("skip"), CLOSE)
    return Citizen("contested among reasons", steps, rated(one, skipped=1, contested=1))


def _some_items(chance: Random) -> list[Step]:
    return [item(code) for code in chance.sample(CODES, chance.randint(1, 3))]


def by_touch(chance: Random) -> Citizen:
    """Rates on the screen."""
    one = chance.choice(CHOICES)
    return Citizen("by touch", (CALL, touch(one), CLOSE), rated(one))


def by_button(chance: Random) -> Citizen:
    """Rates by a button, after the ticket was closed as often as before."""
    one = chance.choice(CHOICES)
    steps = chance.choice([(CALL, press(one), CLOSE), (CALL, CLOSE, wait(30), press(one))])
    return Citizen("by button", steps, rated(one))


def nobody(_chance: Random) -> Citizen:
    """Is served and does not rate."""
    return Citizen("nobody presses", (CALL, CLOSE), SERVED)


def corrects(chance: Random) -> Citizen:
    """Takes another choice within five seconds, by the screen or a button."""
    one, other = chance.sample(CHOICES, 2)
    first, second = chance.choice((touch, press)), chance.choice((touch, press))
    steps = (CALL, first(one), LOCK, second(other), CLOSE)
    return Citizen("corrects", steps, rated(other, replaced=1))


def corrects_too_late(chance: Random) -> Citizen:
    """Presses another button after the five seconds: the first stands, the second is shown."""
    one, other = chance.sample(CHOICES, 2)
    steps = (CALL, touch(one), CORRECTION, press(other), CLOSE)
    return Citizen("corrects too late", steps, rated(one, contested=1))


def slips(chance: Random) -> Citizen:
    """Puts the finger down on one choice and lifts it on another, or beside all."""
    one, other = chance.sample(CHOICES, 2)
    slip = chance.choice([("slip", one, other), ("slip_off", one)])
    return Citizen("slips", (CALL, slip, CLOSE), SERVED)


def slips_then_rates(chance: Random) -> Citizen:
    """Slips, and then means it."""
    one, other = chance.sample(CHOICES, 2)
    steps = (CALL, ("slip", one, other), touch(other), CLOSE)
    return Citizen("slips, then rates", steps, rated(other))


def child(chance: Random) -> Citizen:
    """Mashes: the one touch that goes down and up on a choice counts, and nothing else."""
    one = chance.choice(CHOICES)
    steps = (CALL, ("mash", one, str(chance.randrange(10**6))), CLOSE)
    return Citizen("child mashes", steps, rated(one))


def child_in_the_lock(chance: Random) -> Citizen:
    """Hammers on one choice: once is taken, the rest falls into the lock."""
    one = chance.choice(CHOICES)
    return Citizen("child hammers", (CALL, ("hammer", one), CLOSE), rated(one))


def child_before_the_call(chance: Random) -> Citizen:
    """Mashes while nobody is called; then somebody is, and rates."""
    one = chance.choice(CHOICES)
    mash = ("mash_idle", str(chance.randrange(10**6)))
    return Citizen("child mashes before", (mash, CALL, touch(one), CLOSE), rated(one))


def two_buttons(chance: Random) -> Citizen:
    """Presses two buttons at once; half of these then press one."""
    one, other = chance.sample(CHOICES, 2)
    both = ("together", one, other)
    if chance.random() < 0.5:
        return Citizen("two buttons", (CALL, both, CLOSE), SERVED)
    return Citizen("two buttons, then one", (CALL, both, press(one), CLOSE), rated(one))


def finger_and_button(chance: Random) -> Citizen:
    """Holds a finger on one choice and presses the button of another: the button counts."""
    one, other = chance.sample(CHOICES, 2)
    steps = (CALL, ("touch_while_pressing", one, other), CLOSE)
    return Citizen("finger and button", steps, rated(other))


def clerk_before(chance: Random) -> Citizen:
    """The clerk presses first; that stands, and the citizen's own is shown as contested."""
    one, other = chance.sample(CHOICES, 2)
    steps = (CALL, press(one), CORRECTION, press(other), CLOSE)
    return Citizen("clerk before", steps, rated(one, contested=1))


def clerk_after(chance: Random) -> Citizen:
    """The clerk presses twice after the citizen has gone; both are shown as contested."""
    one, other = chance.sample(CHOICES, 2)
    steps = (CALL, touch(one), CORRECTION, CLOSE, press(other), CORRECTION, press(other))
    return Citizen("clerk after", steps, rated(one, contested=2))


def too_late(chance: Random) -> Citizen:
    """Comes back when the minute after the end is over."""
    one = chance.choice(CHOICES)
    return Citizen("too late", (CALL, CLOSE, wait(61), press(one)), SERVED)


def called_again(chance: Random) -> Citizen:
    """Is called twice, and rates once."""
    one = chance.choice(CHOICES)
    return Citizen("called again", (CALL, queue("recalled"), touch(one), CLOSE), rated(one))


def no_show(_chance: Random) -> Citizen:
    """Never comes."""
    return Citizen("no show", (CALL, queue("no_show")))


def sent_on(_chance: Random) -> Citizen:
    """Is sent to another counter."""
    return Citizen("sent on", (CALL, queue("transferred")))


Kind = Callable[[Random], Citizen]
KINDS: tuple[Kind, ...] = (
    by_touch,
    corrects,
    child,
    slips,
    finger_and_button,
    clerk_after,
    by_button,
    clerk_before,
    child_in_the_lock,
    two_buttons,
    nobody,
    slips_then_rates,
    child_before_the_call,
    corrects_too_late,
    too_late,
    called_again,
    no_show,
    sent_on,
    gives_reasons,
    gives_reasons_at_once,
    skips,
    walks_off,
    walks_off_half_way,
    slips_among_reasons,
    contests_among_reasons,
)


ENDINGS: tuple[Kind, ...] = (too_late, no_show, sent_on)
"""What comes of these depends on how the serving ended."""


def a_day(number: int, chance: Random, kinds: Sequence[Kind] = KINDS) -> list[Citizen]:
    """Return ``number`` citizens, of each kind about as many."""
    citizens = [kinds[index % len(kinds)](chance) for index in range(number)]
    chance.shuffle(citizens)
    return citizens


def figures_of(citizens: Sequence[Citizen]) -> Figures:
    """Return what a day must come to."""
    return sum((citizen.figures for citizen in citizens), Counter())
