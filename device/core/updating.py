"""An update of the image, from the fleet's wish to its outcome: the rules. Pure.

The new image is tried once: unless it is confirmed, the next start brings the former one back. The
rules of the trial, in this order:

1. The new image must have drawn a screen and read its buttons within `Patience.draw_ms`, and its
   root side must have spoken, else it gives way.
2. It is confirmed once it got a receipt besides.
3. A receipt that stays out only delays that: the server may be away. After `Patience.receipt_ms`
   (`Patience.unheard_ms` where the former image had got none either) the former image is started
   to compare. As long as that gets none either, nothing is held against the new one, which is
   tried again when a receipt comes. If in `MOST_TRIALS` trials the new one got none where the
   former one then gets one within `Patience.compare_ms`, the new one fell back.
4. A trial that ended unasked (power, a crash) is tried again, at most `MOST_TRIALS` in all.
5. A root side that has said nothing `LOOK_MS` after the start of the machine is asked to look.
   Where it still says nothing to the former image after `Patience.install_ms`, that is the end.

Power may go at any step: what the machine runs, and whether on trial, says how to go on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from device.core.updating_state import BEFORE
from wire.commands import is_older

if TYPE_CHECKING:
    from device.core.updating_state import Facts, Patience, State, Update

_LEAVING: frozenset[State] = frozenset({"giving_way", "comparing"})

Action = Literal["download", "install", "try", "reboot", "confirm", "look"]
_ACTIONS: dict[State, Action] = {
    "downloading": "download",
    "installing": "install",
    "again": "try",
    "rebooting": "reboot",
    "giving_way": "reboot",
    "confirming": "confirm",
}

OLDER = "it is older than the image that runs"
SILENT = "the update service did not answer"
MOST_TRIALS = 2
LOOK_MS = 60_000
"""The root side speaks at the start of the machine; by then it has had its time."""
RESERVE = 64 << 20
"""Bytes that a download leaves free: the journal comes first."""


def step(update: Update, facts: Facts, patience: Patience) -> Update:
    """Return how an update goes on; the same object while nothing changes."""
    if update.is_over:
        return update
    if update.state in BEFORE:
        return _prepare(update, facts)
    if facts.image == update.bundle.version:
        return _on_new(update, facts, patience)
    if facts.trial is None:
        return _unheard(update, facts, patience)
    return _on_former(update, facts, patience)


def action_of(update: Update, facts: Facts) -> Action | None:
    """Return what is to be done in this state; doing it again changes nothing.

    In a later boot of the machine that is unknown until a step was made there: what brought the
    machine back must not send it off again.
    """
    leaves = update.state == "comparing" and facts.image == update.bundle.version
    action = "reboot" if leaves else _ACTIONS.get(update.state)
    if action != "download" and update.boot != facts.boot:
        action = None
    silent = facts.trial is None and facts.up >= LOOK_MS and not update.is_over
    return "look" if action is None and silent else action


def withdraw(update: Update) -> Update:
    """Return an update that the fleet took back, which it may `BEFORE` anything is installed."""
    return _end(update, "refused", "the fleet took it back")


# ---- before anything is written ----


def _prepare(update: Update, facts: Facts) -> Update:
    bundle = update.bundle
    if facts.trial is None:
        reason = "this machine has no slots for updates"
        return _end(update, "refused", reason) if facts.settled else update
    if facts.trial:
        return update  # the update before is not settled yet
    if facts.image == bundle.version:
        return _end(update, "confirmed", "it runs already")
    if is_older(bundle.version, facts.image):
        return _end(update, "refused", OLDER)
    if bundle.deadline is not None and facts.at is not None and facts.at > bundle.deadline:
        return _end(update, "expired", "its time passed before it was installed")
    if update.state == "asked":
        return _begin(update, facts)
    if update.state == "downloading":
        return _fetched(update, facts)
    at = facts.at
    due = bundle.not_before is None or (at is not None and at >= bundle.not_before)
    return _to(update, "installing", facts) if due and facts.quiet else update


def _begin(update: Update, facts: Facts) -> Update:
    wanted = update.bundle.size + RESERVE
    if facts.free >= wanted:
        return _to(update, "downloading", facts)
    text = f"the disk has {facts.free >> 20} MiB free, {wanted >> 20} are needed"
    return _end(update, "refused", text)


def _fetched(update: Update, facts: Facts) -> Update:
    if facts.fetched is None:
        return update
    if facts.fetched == "good":
        return _to(update, "verified", facts)
    return _end(update, "refused", facts.fetched)


# ---- the new image runs ----


def _on_new(update: Update, facts: Facts, patience: Patience) -> Update:
    if facts.trial is False:
        return _end(update, "confirmed", "")
    started = update.boot != facts.boot
    if started or update.state not in ("trial", "confirming", *_LEAVING):
        begun = _to(update, "trial", facts)
        return replace(begun, trials=update.trials + 1, reason="")
    if update.state in _LEAVING:
        return update
    waited = facts.up - update.since
    if update.state == "confirming":
        again = facts.answer is not None or waited >= patience.install_ms
        return _to(update, "confirming", facts) if again else update
    return _try(update, facts, patience, waited)


def _try(update: Update, facts: Facts, patience: Patience, waited: int) -> Update:
    lacks = _lacks(facts)
    if lacks:
        late = waited >= patience.draw_ms
        return replace(_to(update, "giving_way", facts), reason=lacks) if late else update
    if facts.receipt:
        return _to(update, "confirming", facts)
    limit = patience.receipt_ms if update.heard else patience.unheard_ms
    if waited >= limit and facts.quiet:
        return _to(update, "comparing", facts)
    return update


def _lacks(facts: Facts) -> str:
    if facts.trial is None:
        return "the new image's update service said nothing"
    if not facts.drawn:
        return "the new image drew no screen"
    return "" if facts.read else "the new image did not read its buttons"


# ---- the former image runs ----


def _on_former(update: Update, facts: Facts, patience: Patience) -> Update:
    started = update.boot != facts.boot
    if update.state in ("installing", "again"):
        # After a start the root side is asked anew: nobody knows how far it came.
        return _to(update, update.state, facts) if started else _asked(update, facts, patience)
    if update.state == "installed":
        return _installed(update, facts, started)
    if update.state == "comparing":
        return _compare(update, facts, patience, started)
    if update.state == "giving_way":
        return _end(update, "fallen_back", update.reason)
    if update.state == "rebooting" and not started:
        late = facts.up - update.since >= patience.reboot_ms
        return _end(update, "failed", "the machine was not started again") if late else update
    # A start of the new image that never came to its trial counts as one.
    trials = update.trials + (update.state == "rebooting")
    if trials >= MOST_TRIALS:
        return _end(update, "fallen_back", _UNASKED[update.state])
    return replace(_to(update, "again", facts), trials=trials)


_UNASKED: dict[State, str] = {
    "rebooting": "the new image did not start",
    "trial": "the new image ended before it could be confirmed",
    "confirming": "the new image could not be confirmed",
}


def _unheard(update: Update, facts: Facts, patience: Patience) -> Update:
    """Nobody says whether the slots are in order; that the former image runs is known."""
    if facts.up < patience.install_ms:
        return update
    if update.state == "giving_way":
        return _end(update, "fallen_back", update.reason)
    return _end(update, "failed", SILENT)


def _asked(update: Update, facts: Facts, patience: Patience) -> Update:
    """The root side installs, or has the machine start the new slot at the next start."""
    if facts.answer is None:
        late = facts.up - update.since >= patience.install_ms
        return _end(update, "failed", SILENT) if late else update
    if facts.answer:
        return _end(update, "failed", facts.answer)
    return _to(update, "installed", facts)


def _installed(update: Update, facts: Facts, started: bool) -> Update:
    if started:  # it may have forgotten which slot to try
        return _to(update, "again", facts)
    if not facts.quiet:
        return update
    return replace(_to(update, "rebooting", facts), heard=facts.receipt)


def _compare(update: Update, facts: Facts, patience: Patience, started: bool) -> Update:
    if started:
        return _to(update, "comparing", facts)
    if not facts.receipt:
        return update
    if facts.up - update.since > patience.compare_ms:
        # It was the server: that trial says nothing of the image.
        return replace(_to(update, "again", facts), trials=update.trials - 1)
    if update.trials >= MOST_TRIALS:
        return _end(update, "fallen_back", "the new image got no receipt, the former one does")
    return _to(update, "again", facts)


def _to(update: Update, state: State, facts: Facts) -> Update:
    return replace(update, state=state, boot=facts.boot, since=facts.up)


def _end(update: Update, state: State, reason: str) -> Update:
    return replace(update, state=state, reason=reason)
