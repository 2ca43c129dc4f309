"""From where a terminal stands and what its office decides to the rules of its session. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from device.core.policy import AskReasons, Item, Mode, Policy, Without
    from wire.records import TicketOrigin


@dataclass(frozen=True, slots=True)
class Site:
    """Which terminal this is, where it stands, and what is fitted to it.

    Attributes:
        terminal: Terminal id.
        counter: Code of the counter.
        counter_name: The counter's name where no ticket brings one.
        scale: Version of the rating scale.
        buttons: True with the three buttons and their LEDs.
        screen: True with a screen.
        touch: True where the screen takes touches.
        sound: True with a loudspeaker.
    """

    terminal: str
    counter: str
    counter_name: str
    scale: int = 1
    buttons: bool = True
    screen: bool = True
    touch: bool = True
    sound: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What is set for this terminal; times in milliseconds.

    Attributes:
        counter: Code of the counter, for unbound ratings.
        scale: Version of the rating scale.
        without: ``wait`` or ``unbound``: what a press without a ticket does.
        open_after_closed: How long a rating stays open after the ticket was closed.
        lock: After an accepted press, further ones are rejected for this long.
        correct: A press within this time of the standing one replaces it.
        unbound_interval: Least time between two unbound ratings.
        touch: True where the screen takes touches.
        mode: ``rating`` or ``items``: what is asked.
        reasons: After which choices reasons are offered.
        items: What can be chosen as a reason, or in the mode ``items`` as a complaint.
        answer: How long items are offered after the last touch.
        warning: For how long, after that, the end is announced.
        languages: What the language key goes through.
        sources: Who is heard about tickets, the one to be believed first.
    """

    counter: str
    scale: int = 1
    without: Without = "wait"
    open_after_closed: int = 60_000
    lock: int = 1_500
    correct: int = 5_000
    unbound_interval: int = 5_000
    touch: bool = False
    mode: Mode = "rating"
    reasons: AskReasons = "never"
    items: tuple[Item, ...] = ()
    answer: int = 30_000
    warning: int = 20_000
    languages: tuple[str, ...] = ("vi", "en")
    sources: tuple[TicketOrigin, ...] = ("server", "lan", "scanner")


def rules_of(site: Site, policy: Policy) -> Rules:
    """Return the session's rules.

    Without a touch screen nothing can be asked but the choice: reasons are not offered, and the
    mode ``items`` would leave nothing to use, so ratings are taken.
    """
    asking = policy.asking
    touch = site.screen and site.touch
    return Rules(
        counter=site.counter,
        scale=site.scale,
        without=policy.tickets.without,
        open_after_closed=policy.tickets.open_after_closed_s * 1000,
        touch=touch,
        mode=asking.mode if touch else "rating",
        reasons=asking.reasons if touch else "never",
        items=asking.items,
        answer=asking.answer_s * 1000,
        warning=asking.warning_s * 1000,
        languages=policy.look.languages,
        sources=policy.tickets.sources,
    )
