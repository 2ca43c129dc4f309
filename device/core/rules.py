"""From where a terminal stands and what its office decides to the rules of its session. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from device.core.events import Rules

if TYPE_CHECKING:
    from device.core.policy import Policy


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
