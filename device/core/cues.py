"""Which sound a change of what is shown causes. Pure.

Only the kind of view, the ticket and the language decide. A view never says which choice was made,
so no sound can: a clerk who hears it learns as little as one who sees the screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from device.core.view import Kind, View

Cue = Literal["accepted", "please_rate", "thank_you"]
CUES: tuple[Cue, ...] = get_args(Cue)
SPOKEN: frozenset[Cue] = frozenset({"please_rate", "thank_you"})

_ASKING: frozenset[Kind] = frozenset({"rate", "correction", "items"})
# What lies over the counter's own view for a while: nobody was called meanwhile.
_OVERLAYS: frozenset[Kind] = frozenset({"identify", "self_test", "network", "export"})


def cues(before: View | None, after: View) -> tuple[Cue, ...]:
    """Return what to play, one after the other, when ``after`` is shown in place of ``before``."""
    if before is None:
        return ()
    if after.kind == "self_test" and before.kind != "self_test":
        return ("accepted",)
    if after.kind == "thanks" and before.kind in _ASKING:
        return "accepted", "thank_you"
    if after.kind in ("correction", "reasons") and before.kind == "rate":
        return ("accepted",)
    if _invites(after) and before.kind not in _OVERLAYS and _other(before, after):
        return ("please_rate",)
    return ()


def _invites(view: View) -> bool:
    """Say whether somebody who has just been served is asked; an unbound counter asks always."""
    return view.kind == "rate" and view.ticket is not None and not view.dim


def _other(before: View, after: View) -> bool:
    was = before.kind, before.ticket, before.language
    return was != (after.kind, after.ticket, after.language)
