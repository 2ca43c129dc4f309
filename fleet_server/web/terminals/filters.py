"""Which terminals the fleet page is about: filters that live in its address."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flask import abort, request

from fleet_server.core.health import ORDER, STATES
from fleet_server.judged import Judged

NEEDED = "needed"
"""The state that is no state: whatever needs somebody."""

RANKS = {state: rank for rank, state in enumerate(("lost", "alert", "late"))}


@dataclass(frozen=True, slots=True)
class Filter:
    """What the address asks for; empty texts ask for nothing.

    Attributes:
        state: a state, or `NEEDED`.
        reason: a kind of reason that is more than a note.
        version: of the firmware.
        text: part of the name of a terminal or its counter.
        waiting: only with records that wait.
    """

    state: str = ""
    reason: str = ""
    version: str = ""
    text: str = ""
    waiting: bool = False

    @property
    def narrow(self) -> bool:
        """Whether anything is asked for."""
        return self != Filter()

    def holds(self, one: Judged) -> bool:
        """Whether a terminal is among those asked for."""
        return (
            self._has_state(one)
            and (not self.reason or any(why.kind == self.reason for why in one.verdict.causes))
            and (not self.version or one.row.firmware == self.version)
            and (not self.waiting or bool(one.row.waiting))
            and self._has_text(one)
        )

    def _has_state(self, one: Judged) -> bool:
        if self.state == NEEDED:
            return one.verdict.needs_somebody
        return self.state in ("", one.verdict.state)

    def _has_text(self, one: Judged) -> bool:
        names = (one.row.id, one.row.counter_code, one.row.counter_name)
        return any(self.text.casefold() in (name or "").casefold() for name in names)


def asked() -> Filter:
    """Return what this request asks for; 404 for a state or reason that there isn't."""
    words = {name: request.args.get(name, "").strip() for name in ("state", "reason", "version")}
    if words["state"] not in (*STATES, NEEDED, "") or words["reason"] not in (*ORDER, ""):
        abort(404)
    text, waiting = request.args.get("q", "").strip(), bool(request.args.get("waiting"))
    return Filter(**words, text=text, waiting=waiting)


def by_state(terminals: Iterable[Judged]) -> Counter[str]:
    """Return how many terminals are in each state, and how many need somebody."""
    found = Counter[str](one.verdict.state for one in terminals)
    found[NEEDED] = sum(found[state] for state in RANKS)
    return found


def by_reason(terminals: Iterable[Judged]) -> list[tuple[str, int]]:
    """Return how many terminals have each reason, the most frequent first."""
    found = Counter(kind for one in terminals for kind in {why.kind for why in one.verdict.causes})
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def by_version(terminals: Iterable[Judged]) -> list[tuple[str, int]]:
    """Return how many terminals run each firmware, the most frequent first."""
    found = Counter(one.row.firmware for one in terminals if one.row.firmware)
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def since_first(one: Judged) -> tuple[bool, int, str]:
    """Return what sorts the longest troubled first, and last those of whom that isn't known."""
    return one.verdict.since is None, one.verdict.since or 0, one.row.id


def worst_first(terminals: Iterable[Judged]) -> list[Judged]:
    """Return terminals as somebody would look after them: by state, then the longest troubled."""
    last = len(RANKS)
    return sorted(
        terminals,
        key=lambda one: (RANKS.get(one.verdict.state, last), *since_first(one)),
    )
