"""What jobs does for rollouts each minute: look at outcomes, judge, ask the next terminals."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import tzinfo

import structlog

from fleet_server.core.rollout import Done, Member, Next, Stop, judge
from fleet_server.judged import Bench, Judged
from fleet_server.store import rolling, rollouts
from fleet_server.store.database import writing
from fleet_server.store.pages import terminals
from fleet_server.store.rollouts import Line, MemberLine

log = structlog.get_logger("jobs")

AGAIN_MS = 30 * 60_000
"""A terminal that was asked and shows no sign of it is asked again: who was away misses a command,
and who has it already takes a newer one for the same wish."""
HERE = ("init", "ready", "alert")
"""States in which a terminal is connected and hears a command."""


def drive(now: int, zone: tzinfo) -> None:
    """See to all rollouts that run, and to what becomes of terminals that others had asked."""
    lines = rollouts.unsettled()
    if not lines:
        return
    fleet = judged(now, zone)
    for line in lines:
        _Drive(line, fleet, now).go()


def judged(now: int, zone: tzinfo) -> dict[str, Judged]:
    """Return how every terminal is, by its id."""
    bench = Bench(now, zone)
    return {row.id: bench.judge(row) for row in terminals.terminals()}


def ill_of(fleet: Mapping[str, Judged]) -> set[str]:
    """Return the terminals that are in trouble."""
    return {name for name, one in fleet.items() if one.verdict.level == "bad"}


@dataclass
class _Drive:
    line: Line
    fleet: Mapping[str, Judged]
    now: int

    def go(self) -> None:
        members = self._look(rollouts.members(self.line.id))
        if self.line.state != "running":
            return
        settled_at = max((one.changed_at for one in members if one.state != "waiting"), default=0)
        verdict = judge(self.line.under_way(settled_at), self._as_judged(members), self.now)
        by = f"rollout:{self.line.id}"
        if isinstance(verdict, Stop):
            log.error("rollout stopped", rollout=self.line.id, **asdict(verdict))
            rolling.stop(self.line, asdict(verdict), by, self.now)
        elif isinstance(verdict, Next):
            rolling.next_ring(self.line, ill_of(self.fleet), by, self.now)
        elif isinstance(verdict, Done):
            rolling.done(self.line, self.now)
        else:
            self._ask(members)

    def _look(self, members: list[MemberLine]) -> list[MemberLine]:
        """Note what became of those that were asked."""
        with writing():
            for one in members:
                if one.state != "asked":
                    continue
                stage = self._stage(one)
                if one.outcome is not None and not self._was_missed(one):
                    rolling.settle(self.line, one, self.now)
                elif stage and stage != one.stage:
                    rolling.reached(self.line, one.terminal, stage)
        return rollouts.members(self.line.id)

    def _stage(self, member: MemberLine) -> str:
        """Return how far a terminal says it is with this very image."""
        found = self.fleet.get(member.terminal)
        said = (found.row.health or {}).get("update") if found else None
        if not isinstance(said, Mapping) or said.get("version") != self.line.version:
            return ""
        return str(said.get("state", ""))[:40]

    def _was_missed(self, member: MemberLine) -> bool:
        """Whether the command expired without ever having reached the terminal."""
        missed = member.outcome == "expired" and not member.stage
        return missed and self.line.ended_at is None

    def _as_judged(self, members: list[MemberLine]) -> list[Member]:
        ill = ill_of(self.fleet)
        return [
            Member(one.terminal, one.ring, one.state, one.was_ill, one.terminal in ill)
            for one in members
            if not self._is_retired(one) and not self._is_in_store(one)
        ]

    def _is_retired(self, member: MemberLine) -> bool:
        found = self.fleet.get(member.terminal)
        return found is None or found.row.retired_at is not None

    def _is_in_store(self, member: MemberLine) -> bool:
        """Whether it lies switched off in a cupboard: asked if it comes, but not waited for."""
        found = self.fleet.get(member.terminal)
        return member.state == "waiting" and found is not None and found.row.counter is None

    def _ask(self, members: list[MemberLine]) -> None:
        with writing():
            for one in members:
                if one.ring <= self.line.ring and self._is_to_ask(one):
                    rolling.ask(self.line, one, self.now)

    def _is_to_ask(self, member: MemberLine) -> bool:
        found = self.fleet.get(member.terminal)
        if found is None or self._is_retired(member) or found.row.state not in HERE:
            return False
        if member.state == "waiting":
            return True
        silent = member.state == "asked" and not self._stage(member)
        return silent and self.now - (member.asked_at or 0) >= AGAIN_MS
