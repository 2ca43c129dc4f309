"""Putting another terminal in the place of one that is broken, lost or stolen."""

from dataclasses import dataclass

from fleet_server import policy
from fleet_server.store import audit_log, downlink, enrolment, policies
from fleet_server.store.database import writing
from fleet_server.store.edits import terminals
from fleet_server.store.enrolment import Missing, Place, Taken
from fleet_server.store.models import Terminal


@dataclass(frozen=True, slots=True)
class Replacement:
    """Who takes whose place.

    Attributes:
        old: id of a terminal at a counter.
        new: id of a terminal in a store, or of one that the fleet does not know yet.
        lost: ``old`` may be in strange hands: its keys are revoked. Else they stay believed, so
            that records that did not arrive yet can be imported from its card.
        reason: why ``old`` is out of use, for people.
        note: what ``new`` has as its note when it is new to the fleet.
    """

    old: str
    new: str
    reason: str
    note: str
    lost: bool = False


def replace(asked: Replacement, version: int | None, now: int, actor: str) -> Place:
    """Put ``new`` at the counter of ``old``, and take ``old`` out of use; return the place.

    The figures are the counter's, so they go on. What was set at ``old`` is wished of ``new``.

    Args:
        asked: who takes whose place.
        version: of ``old`` as it was read; None replaces any.
        now: Unix milliseconds.
        actor: for the audit log.

    Raises:
        Missing: no such terminal, or it stands at no counter.
        Taken: ``new`` stands at a counter already.
        Stale: somebody else has changed ``old``.
        TreeError: one of them is out of use, or the counter is closed.
    """
    with writing():
        counter = terminals.held(asked.old, version).counter
        if counter is None:
            raise Missing(f"terminal {asked.old} stands at no counter")
        details = {"terminal": asked.new, "counter": counter.code}
        audit_log.note(actor, "terminal.replace", f"terminal:{asked.old}", details, at=now)
        terminals.retire(asked.old, None, asked.reason, now, actor)
        if asked.lost:
            enrolment.revoke_terminal(asked.old, now, actor)
        _take_place(asked, counter.code, now, actor)
        if wished := downlink.configuration(asked.old):
            policies.configure(asked.new, policy.fit(wished.settings), now, actor=actor)
        return Place(counter.code, counter.name)


def _take_place(asked: Replacement, counter: str, now: int, actor: str) -> None:
    other = Terminal.get_or_none(Terminal.id == asked.new)
    if other is None:
        terminals.add(asked.new, counter, None, asked.note, now, actor)
    elif other.counter is not None:
        raise Taken(f"terminal {asked.new} stands at counter {other.counter.code}")
    else:
        terminals.move(asked.new, None, counter, None, now, actor)
