"""What an office decides about its terminals: whom to ask, what, when, and how it looks. Pure data.

It stands in ``terminal.toml``, and the fleet's signed configuration may replace any of it. Nothing
here can harm the journal: what could is set on the terminal alone (``device/settings``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from wire.records import TicketOrigin

Without = Literal["wait", "unbound"]
Mode = Literal["rating", "items"]
AskReasons = Literal["every", "unsatisfied", "never"]
Letters = Literal["normal", "large"]
Contrast = Literal["normal", "high"]


@dataclass(frozen=True, slots=True)
class Item:
    """Something to touch as a reason or a complaint.

    Attributes:
        code: What the record holds.
        labels: Pairs of language and text; where a language has none, the text that the
            catalogues hold for the code is shown, else the first label.
    """

    code: str
    labels: tuple[tuple[str, str], ...] = ()


def _items(*codes: str) -> tuple[Item, ...]:
    return tuple(Item(code) for code in codes)


# Worded neutrally: neither the effort nor what a watching clerk sees tells the choice.
REASONS = _items("waiting_time", "attitude", "guidance", "procedure", "result", "facilities")
HOSPITAL = _items(
    "parking",
    "registration",
    "waiting_time",
    "guidance",
    "doctor",
    "nurse",
    "examination",
    "laboratory",
    "imaging",
    "payment",
    "insurance",
    "pharmacy",
    "hygiene",
    "facilities",
    "attitude",
)


@dataclass(frozen=True, slots=True)
class Tickets:
    """When a rating is open.

    Attributes:
        without: ``wait`` asks to wait for one's turn; ``unbound`` takes ratings without a ticket.
        open_after_closed_s: Seconds a rating stays open after the ticket was closed.
        sources: Who is heard about tickets, as far as it is configured; the one to be believed
            first comes first.
    """

    without: Without = "wait"
    open_after_closed_s: int = 60
    sources: tuple[TicketOrigin, ...] = ("server", "lan", "scanner")


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked.

    Attributes:
        mode: ``rating``: three choices, then perhaps reasons; ``items``: one touch is a complaint.
        reasons: After which choices reasons are offered. Only ``every`` keeps a watching clerk
            from learning the choice.
        items: The reasons, or in the mode ``items`` the complaints; up to 15.
        answer_s: Seconds that reasons are offered.
        warning_s: Seconds for which, after that, the end is announced.
    """

    mode: Mode = "rating"
    reasons: AskReasons = "every"
    items: tuple[Item, ...] = REASONS
    answer_s: int = 30
    warning_s: int = 20


@dataclass(frozen=True, slots=True)
class Look:
    """How the screen looks.

    Attributes:
        languages: Codes of the catalogues. The first two are shown together; the language key
            brings the next one to the front.
        letters: ``large`` for people who see badly.
        contrast: ``high`` for the same.
    """

    languages: tuple[str, ...] = ("vi", "en")
    letters: Letters = "normal"
    contrast: Contrast = "normal"


@dataclass(frozen=True, slots=True)
class Texts:
    """An office's own words.

    Attributes:
        question: Pairs of language and text, in the place of the catalogues' question.
    """

    question: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a week's day: ``weekday`` 0 is Monday; minutes from midnight, ``until`` apart."""

    weekday: int
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Hours:
    """Times of the local day.

    Attributes:
        opening: When the office is open; empty means always.
        brightness: Pairs of minute from midnight and per cent, from that minute on; empty means
            100 always.
        day_ends: Minute from midnight at which one service day ends and the next begins.
    """

    opening: tuple[Span, ...] = ()
    brightness: tuple[tuple[int, int], ...] = ()
    day_ends: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """All that an office decides; ``version`` is that of the fleet's configuration, 0 without."""

    tickets: Tickets = field(default_factory=Tickets)
    asking: Asking = field(default_factory=Asking)
    look: Look = field(default_factory=Look)
    texts: Texts = field(default_factory=Texts)
    hours: Hours = field(default_factory=Hours)
    version: int = 0
