"""From the state of the session to what is shown; data only, drawn by ``screen/``.

The view after a press never depends on which choice it was: a clerk who sees the screen learns
nothing (product.md, The people).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from wire.records import CHOICES

if TYPE_CHECKING:
    from device.core.events import Rules, Session
    from device.core.policy import Item
    from wire.records import Choice

Kind = Literal[
    "starting",
    "idle",
    "wait",
    "rate",
    "correction",
    "reasons",
    "thanks",
    "recorded",
    "items",
    "out_of_service",
    "self_test",
    "identify",
    "export",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
Key = Literal["skip", "done", "next", "back", "language", "continue"]
Trouble = Literal["full", "read_only", "damaged", "taken", "other"]
NoteState = Literal["info", "waiting", "good", "bad"]

THANKS_MS = 4_000
WAIT_MS = 4_000
DIM_AFTER_MS = 60_000
MOVE_EVERY_MS = 20_000


@dataclass(frozen=True, slots=True)
class Target:
    """Something on the screen that can be touched.

    Attributes:
        kind: ``choice`` (of the scale), ``item`` (a reason or complaint), ``key`` (all else).
        name: The choice, the item's code, or a `Key`.
    """

    kind: Literal["choice", "item", "key"]
    name: str


@dataclass(frozen=True, slots=True)
class Note:
    """A line for a technician: a text of the catalogues, a figure beside it, and how it stands."""

    text: str
    value: str = ""
    state: NoteState = "info"


@dataclass(frozen=True, slots=True)
class View:
    """What the panel shows.

    Attributes:
        kind: Which screen; the texts belong to it.
        counter: Name of the counter as people know it.
        ticket: Number of the ticket being served.
        choices: The choices offered, always in the same order.
        dim: True when nobody is expected to look: dark, and moving against burn-in.
        place: Where a moving frame stands; grows by one with every move.
        language: Code of the language in front; another one stands under it, smaller.
        keys: The keys offered.
        items: The items on this page, at most six.
        chosen: Codes of the items that are chosen, on any page.
        page: Which page of items, from 0; ``pages`` how many there are.
        warning: True when what is shown will soon be over.
        progress: What is done, and of how much; None where nothing is counted.
        trouble: With ``out_of_service``, what is wrong.
        notes: Lines for a technician.
        brightness: Per cent of the panel's light.
    """

    kind: Kind
    counter: str
    ticket: str | None = None
    choices: tuple[Choice, ...] = ()
    dim: bool = False
    place: int = 0
    language: str = "vi"
    keys: tuple[Key, ...] = ()
    items: tuple[Item, ...] = ()
    chosen: tuple[str, ...] = ()
    page: int = 0
    pages: int = 1
    warning: bool = False
    progress: tuple[int, int] | None = None
    trouble: Trouble | None = None
    notes: tuple[Note, ...] = ()
    brightness: int = 100


def view(
    session: Session, up: int, rules: Rules, counter_name: str, *, out_of_service: bool = False
) -> View:
    """Return what to show at ``up`` milliseconds.

    Args:
        session: The state.
        up: Now, monotonic milliseconds.
        rules: What is set for this terminal.
        counter_name: The counter's name where no ticket brings one.
        out_of_service: True when the journal cannot store ratings.
    """
    name = session.visit.counter_name if session.visit else counter_name
    ticket = session.visit.ticket if session.visit else None
    if out_of_service:
        return View("out_of_service", name)
    since = None if session.accepted_at is None else up - session.accepted_at
    if since is not None and since < rules.lock:
        return View("thanks", name)
    if session.phase == "correcting":
        return View("correction", name, ticket, CHOICES)
    if session.phase in ("serving", "closed"):
        return View("rate", name, ticket, CHOICES)
    if since is not None and since < THANKS_MS:
        return View("thanks", name)
    if session.phase == "rated" and session.ended_at is None:
        return _at_rest(View("recorded", name, ticket), since, up)
    return _without_ticket(session, up, rules, name, since)


def _without_ticket(session: Session, up: int, rules: Rules, name: str, since: int | None) -> View:
    if rules.without == "unbound" and session.phase == "idle":
        return _at_rest(View("rate", name, None, CHOICES), since, up)
    told = session.told_to_wait_at
    if told is not None and up - told < WAIT_MS:
        return View("wait", name)
    return View("idle", name, None, (), dim=True, place=up // MOVE_EVERY_MS)


def _at_rest(shown: View, since: int | None, up: int) -> View:
    """Dim and move a view that nobody has touched for a while."""
    if since is not None and since < DIM_AFTER_MS:
        return shown
    return View(
        shown.kind,
        shown.counter,
        shown.ticket,
        shown.choices,
        dim=True,
        place=up // MOVE_EVERY_MS,
    )
