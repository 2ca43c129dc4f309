"""Which stick to export to, what goes onto it, and what is said of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from device.core.view import Note, View

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Outcome = Literal["done", "nothing", "full", "read_only", "failed"]
LOOK_EVERY_S = 2.0
SHOWN_LOOKS = 8
"""How many looks an outcome stays on the screen while the stick is not taken out."""

COPYING = "Copying the journal"
KEEP = "Do not take the stick out"
COPIED = "Records copied"
TAKE = "You may take the stick out"
_TEXTS: dict[Outcome, str] = {
    "done": COPIED,
    "nothing": COPIED,
    "full": "The stick is full",
    "read_only": "The stick can't be written",
    "failed": "The stick can't be written",
}


@dataclass(frozen=True, slots=True)
class Stick:
    """A folder with a marker.

    Attributes:
        name: Of the folder; ``device``, the number of its file system.
        everything: The marker asks for all that is held, not only what is new.
    """

    name: str
    device: int
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Records ``first`` to ``last`` of a chain."""

    chain: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What a technician should see: progress, and at the end the outcome."""

    done: int
    total: int
    outcome: Outcome | None = None


def choose(found: Sequence[Stick], seen: frozenset[Stick]) -> tuple[Stick | None, frozenset[Stick]]:
    """Return the stick to export to now, and which are settled: each once until it is put in anew.

    Args:
        found: The sticks that are in.
        seen: Those that were settled before.
    """
    still = seen & frozenset(found)
    new = next((stick for stick in found if stick not in still), None)
    return (new, still) if new is None else (new, still | {new})


def parts(held: Sequence[Part], exported: Mapping[str, int]) -> list[Part]:
    """Return what of the chains ``held`` is not ``exported`` yet; empty parts are left out."""
    new = [
        Part(part.chain, max(part.first, exported.get(part.chain, 0) + 1), part.last)
        for part in held
    ]
    return [part for part in new if part.first <= part.last]


def view(notice: Notice, counter: str) -> View:
    """Return what the screen shows."""
    if notice.outcome is None:
        notes = (Note(COPYING, state="waiting"), Note(KEEP))
        return View("export", counter, progress=(notice.done, notice.total), notes=notes)
    well = notice.outcome in ("done", "nothing")
    value = str(notice.done) if well else ""
    told = Note(_TEXTS[notice.outcome], value, "good" if well else "bad")
    return View("export", counter, notes=(told, Note(TAKE)))
