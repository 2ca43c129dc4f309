"""From the state of the session to what is shown; data only, drawn by ``screen/``.

The view after a press never depends on which choice it was: a clerk who sees the screen learns
nothing (product.md, The people).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from device.core import asking
from device.core.targets import Key, Target
from wire.records import CHOICES

if TYPE_CHECKING:
    from device.core.joining import Stage
    from device.core.network import Why
    from device.core.policy import Item
    from device.core.rules import Rules
    from device.core.session_state import Asked, Session
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
    "network",
    "identify",
    "export",
    "unplaced",
    "joining",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
Trouble = Literal["full", "read_only", "damaged", "taken", "buttons", "other"]
Unplaced = Literal[
    "no_file",
    "no_card",
    "no_data",
    "not_toml",
    "field",
    "settings",
    "full",
    "read_only",
    "other",
]
NoteState = Literal["info", "waiting", "good", "bad"]

THANKS_MS = 4_000
WAIT_MS = 4_000
DIM_AFTER_MS = 60_000
MOVE_EVERY_MS = 20_000
MOVE_IDENTIFY_MS = 500


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
        unplaced: With ``unplaced``, why the terminal doesn't know its place.
        joining: What keeps the terminal from its fleet, where a technician is to see it.
        notes: Lines for a technician.
        advice: With ``network``, why its first fault is one: the text says what to do.
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
    unplaced: Unplaced | None = None
    joining: Stage | None = None
    notes: tuple[Note, ...] = ()
    advice: Why | None = None
    brightness: int = 100


def targets_of(shown: View) -> tuple[Target, ...]:
    """Return all that can be touched on a view."""
    return (
        *(Target("choice", choice) for choice in shown.choices),
        *(Target("item", item.code) for item in shown.items),
        *(Target("key", key) for key in shown.keys),
    )


def view(session: Session, up: int, rules: Rules, counter_name: str) -> View:
    """Return what to show at ``up`` milliseconds while the journal stores.

    Args:
        session: The state.
        up: Now, monotonic milliseconds.
        rules: What is set for this terminal.
        counter_name: The counter's name where no ticket brings one.
    """
    name = session.visit.counter_name if session.visit else counter_name
    shown = _asked_for(session, up, rules, name) or _else(session, up, rules, name)
    keys = shown.keys
    if rules.touch and len(rules.languages) > 1 and (shown.choices or shown.items):
        keys = (*keys, "language")
    language = rules.languages[session.language % len(rules.languages)]
    return replace(shown, language=language, keys=keys)


def _asked_for(session: Session, up: int, rules: Rules, name: str) -> View | None:
    """Return what a citizen is asked for, or thanked for; None while nobody is."""
    ticket = session.visit.ticket if session.visit else None
    since = _since(up, session.accepted_at)
    if since is not None and since < rules.lock:
        return View("thanks", name)
    stage = asking.stage_of(session, up, rules)
    if session.asked is not None and stage == "reasons":
        return _reasons(session.asked, up, rules, name, ticket)
    if rules.mode == "rating" and session.phase == "correcting" and not _answered(session):
        keys: tuple[Key, ...] = ("continue",) if stage == "offered" else ()
        return View("correction", name, ticket, CHOICES, keys=keys)
    if rules.mode == "rating" and session.phase in ("serving", "closed"):
        return View("rate", name, ticket, CHOICES)
    given = _newest(since, _since(up, session.answered_at))
    if given is not None and given < THANKS_MS:
        return View("thanks", name)
    return None


def _else(session: Session, up: int, rules: Rules, name: str) -> View:
    """Return what is shown while nobody is asked for anything in particular."""
    quiet = _newest(
        _since(up, session.accepted_at),
        _since(up, session.answered_at),
        _since(up, session.touched_at),
    )
    if asking.stage_of(session, up, rules) == "items":
        return _items(session, up, rules, name, quiet)
    if session.phase == "rated" and session.ended_at is None and rules.mode == "rating":
        ticket = session.visit.ticket if session.visit else None
        return _at_rest(View("recorded", name, ticket), quiet, up)
    if rules.without == "unbound" and session.phase == "idle" and session.open:
        return _at_rest(View("rate", name, None, CHOICES), quiet, up)
    told = session.told_to_wait_at
    if told is not None and up - told < WAIT_MS:
        return View("wait", name)
    return View("idle", name, dim=True, place=up // MOVE_EVERY_MS)


def _reasons(asked: Asked, up: int, rules: Rules, name: str, ticket: str | None) -> View:
    keys: tuple[Key, ...] = ("skip", "done") if asked.chosen else ("skip",)
    shown = _page(View("reasons", name, ticket, keys=keys), asked.page, asked.chosen, rules)
    return replace(shown, warning=up - asked.since >= rules.answer)


def _items(session: Session, up: int, rules: Rules, name: str, quiet: int | None) -> View:
    """The mode ``items``: inviting while nobody is there, and always ready for a touch."""
    asked = session.asked
    if asked is None:
        return _at_rest(_page(View("items", name), 0, (), rules), quiet, up)
    keys: tuple[Key, ...] = ("done",) if asked.chosen else ()
    return _page(View("items", name, keys=keys), asked.page, asked.chosen, rules)


def _page(shown: View, page: int, chosen: tuple[str, ...], rules: Rules) -> View:
    """Put a page of items on a view, with the keys to the other pages."""
    pages = asking.pages_of(rules.items)
    page = min(page, pages - 1)
    back: tuple[Key, ...] = ("back",) if page else ()
    forth: tuple[Key, ...] = ("next",) if page + 1 < pages else ()
    return replace(
        shown,
        keys=(*shown.keys, *back, *forth),
        items=asking.page_of(rules.items, page),
        chosen=chosen,
        page=page,
        pages=pages,
    )


def _at_rest(shown: View, quiet: int | None, up: int) -> View:
    """Dim and move a view that nobody has touched for a while."""
    if quiet is not None and quiet < DIM_AFTER_MS:
        return shown
    return replace(shown, dim=True, place=up // MOVE_EVERY_MS)


def _answered(session: Session) -> bool:
    """Return whether the newest rating's reasons were given or skipped."""
    return (session.answered_at or 0) > (session.accepted_at or 0)


def _since(up: int, then: int | None) -> int | None:
    return None if then is None else up - then


def _newest(*spans: int | None) -> int | None:
    """Return the shortest of the known spans."""
    return min((span for span in spans if span is not None), default=None)
