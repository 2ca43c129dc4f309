"""Comparing a list with what is there: what is added, what changes, and what can't be.

A list says how things are to be. What it does not name stays as it is: nothing is taken away, and a
column that it lacks changes nothing. All of it is judged as it would be *afterwards*, so that two
units can change places in one list.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fleet_server.core.tree import holds
from fleet_server.core.tree_import.vocabulary import COLUMNS, SUBJECTS, Field, Subject
from fleet_server.core.tree_import.wanted import Problem, Read, Reason, Wanted

Facts = Mapping[Field, str]
"""What is known of one thing, an empty text where there is nothing."""

Things = Mapping[str, Facts]


@dataclass(frozen=True, slots=True)
class Fleet:
    """What is there, by code.

    Attributes:
        things: units, counters and terminals in use.
        retired: ids of terminals that are out of use for good.
    """

    things: Mapping[Subject, Things]
    retired: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose list it is: codes of the units where one may change the tree, and terminals.

    None is the whole fleet.
    """

    tree: frozenset[str] | None = None
    enrol: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is added, where ``before`` is None, or changed."""

    subject: Subject
    code: str
    before: Facts | None
    after: Facts
    row: int

    @property
    def changes(self) -> list[tuple[Field, str, str]]:
        """The fields that become another: field, before, after."""
        before = self.before or {}
        fields = [one.field for one in COLUMNS[self.subject][1:]]
        held = [(one, before.get(one, ""), self.after.get(one, "")) for one in fields]
        return [one for one in held if one[1] != one[2]]

    @property
    def moves(self) -> bool:
        """Whether something that is there goes to another place."""
        changed = {name for name, _before, _after in self.changes}
        return self.before is not None and bool(changed & {"parent", "unit", "counter"})


@dataclass(slots=True)
class Plan:
    """What a list would do. It may be carried out where nothing is wrong.

    ``steps`` have units before those in them, then counters, then terminals.
    """

    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unchanged: Counter[Subject] = field(default_factory=Counter)
    ignored: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[Subject, dict[str, int]]:
        """How many are added, changed, and as they were, of each list."""
        return {
            subject: {
                "added": sum(s.subject == subject and s.before is None for s in self.steps),
                "changed": sum(s.subject == subject and s.before is not None for s in self.steps),
                "unchanged": self.unchanged[subject],
            }
            for subject in SUBJECTS
        }

    @property
    def digest(self) -> str:
        """What tells this plan from another: of what is there, or of what is wanted."""
        told = [[s.subject, s.code, s.before and dict(s.before), dict(s.after)] for s in self.steps]
        text = json.dumps([told, len(self.problems)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


LastDay = Callable[[str], str | None]
"""Returns the last day on which a counter has figures, if there is one."""


def plan(read: Read, fleet: Fleet, reach: Reach, last_day: LastDay) -> Plan:
    """Return what a list would do to the fleet."""
    made = Plan(problems=list(read.problems), ignored=read.ignored)
    asked: list[tuple[Wanted, Step]] = []
    for row in read.wanted:
        _compare(row, fleet, made, asked)
    after = _afterwards(fleet, [step for _row, step in asked])
    judge = _Judge(fleet, after, reach, last_day)
    for row, step in asked:
        made.problems += [row.problem(*wrong) for wrong in judge.wrong(step)]
    order = {subject: place for place, subject in enumerate(SUBJECTS)}
    made.steps = sorted((step for _row, step in asked), key=lambda step: order[step.subject])
    if not made.problems:
        units = [step for step in made.steps if step.subject == "units"]
        made.steps[: len(units)] = _parents_first(units)
    places = {name: place for place, name in enumerate(dict.fromkeys(_tables(read)))}
    made.problems.sort(key=lambda one: (places.get(one.table, 0), one.row))
    return made


def _tables(read: Read) -> Iterator[str]:
    yield from (one.table for one in read.wanted)
    yield from (one.table for one in read.problems)


def _compare(row: Wanted, fleet: Fleet, made: Plan, asked: list[tuple[Wanted, Step]]) -> None:
    before = fleet.things[row.subject].get(row.code)
    if row.subject == "terminals" and row.code in fleet.retired:
        made.problems.append(row.problem("code", "retired"))
        return
    if before is None:
        lacking = [one.field for one in COLUMNS[row.subject][1:] if one.needed]
        wrong = [row.problem(one, "missing", one) for one in lacking if one not in row.values]
        made.problems += wrong
        if wrong:
            return
    step = Step(row.subject, row.code, before, _filled(row, before), row.row)
    if before is not None and not step.changes:
        made.unchanged[row.subject] += 1
    else:
        asked.append((row, step))


def _filled(row: Wanted, before: Facts | None) -> Facts:
    fields = [one.field for one in COLUMNS[row.subject][1:]]
    after = {one: row.values.get(one, (before or {}).get(one, "")) for one in fields}
    if row.subject == "units" and not after["kind"]:
        after["kind"] = (before or {}).get("kind", "") or "unit"
    return after


def _afterwards(fleet: Fleet, steps: Iterable[Step]) -> dict[Subject, dict[str, Facts]]:
    after = {subject: dict(fleet.things[subject]) for subject in SUBJECTS}
    for step in steps:
        after[step.subject][step.code] = step.after
    return after


def _parents_first(steps: list[Step]) -> list[Step]:
    """Return steps of units, each after the one of what it will lie in; there is no circle."""
    by_code = {step.code: step for step in steps}
    done: dict[str, Step] = {}
    for step in steps:
        chain: list[Step] = []
        at: Step | None = step
        while at is not None and at.code not in done:
            chain.append(at)
            at = by_code.get(at.after["parent"])
        done.update((one.code, one) for one in reversed(chain))
    return list(done.values())


Wrong = tuple[Field, Reason, str]


class _Judge:
    """Judges each step by how everything would be afterwards."""

    def __init__(
        self,
        fleet: Fleet,
        after: Mapping[Subject, Things],
        reach: Reach,
        last_day: LastDay,
    ) -> None:
        self._fleet, self._after, self._reach, self._last_day = fleet, after, reach, last_day
        self._below: dict[str, list[Facts]] = {}
        for facts in after["units"].values():
            self._below.setdefault(facts["parent"], []).append(facts)
        self._open = {one["unit"] for one in after["counters"].values() if not one["closed"]}

    def wrong(self, step: Step) -> Iterator[Wrong]:
        """Yield what is wrong with a step."""
        lies = {"units": self._unit, "counters": self._counter, "terminals": self._terminal}
        outside = self._outside(step)
        # What lies elsewhere is not told about.
        yield from outside or lies[step.subject](step)

    # ---- whose it is ----

    def _outside(self, step: Step) -> list[Wrong]:
        reach = self._reach.enrol if step.subject == "terminals" else self._reach.tree
        if reach is None:
            return []
        if not reach:
            return [("code", "not_yours", "")]
        inside = all(self._reached(unit, reach) for unit in self._holders(step))
        return [] if inside else [("code", "outside", "")]

    def _holders(self, step: Step) -> Iterator[str]:
        """Yield the units whose branch somebody must be allowed to change, to take this step."""
        before, after = step.before, step.after
        if step.subject == "units":
            if before is not None:
                yield step.code
            if before is None or step.moves:
                yield from (one["parent"] for one in (before, after) if one is not None)
        elif step.subject == "counters":
            yield from (one["unit"] for one in (before, after) if one is not None)
        else:
            if before is not None:
                yield _kept_in(before, self._fleet.things["counters"])
            yield _kept_in(after, self._after["counters"])

    def _reached(self, unit: str, reach: frozenset[str]) -> bool:
        seen: set[str] = set()
        while unit and unit not in self._fleet.things["units"] and unit not in seen:
            seen.add(unit)
            unit = self._after["units"].get(unit, {}).get("parent", "")
        return unit in reach

    # ---- whether it can lie there ----

    def _unit(self, step: Step) -> Iterator[Wrong]:
        after = step.after
        parent = self._after["units"].get(after["parent"])
        if after["parent"] and parent is None:
            yield "parent", "no_unit", after["parent"]
            return
        if self._circle(step.code):
            yield "parent", "below", after["parent"]
        if parent is not None and not holds(parent["kind"], after["kind"]):
            yield "parent", "rank", after["parent"]
        below = self._below.get(step.code, [])
        if not all(holds(after["kind"], one["kind"]) for one in below):
            yield "kind", "children", ""
        if parent is not None and parent["closed"] and not after["closed"]:
            yield "parent", "in_closed", after["parent"]
        held = step.code in self._open or any(not one["closed"] for one in below)
        if after["closed"] and held:
            yield "closed", "holds_open", ""

    def _circle(self, code: str) -> bool:
        seen: set[str] = set()
        while code and code not in seen:
            seen.add(code)
            code = self._after["units"].get(code, {}).get("parent", "")
        return bool(code)

    def _counter(self, step: Step) -> Iterator[Wrong]:
        unit, closed = step.after["unit"], step.after["closed"]
        holder = self._after["units"].get(unit)
        if holder is None:
            yield "unit", "no_unit", unit
        elif holder["closed"] and not closed:
            yield "unit", "in_closed", unit
        if closed and closed != (step.before or {}).get("closed"):
            last = self._last_day(step.code)
            if last is not None and last >= closed:
                yield "closed", "served", last

    def _terminal(self, step: Step) -> Iterator[Wrong]:
        counter, unit = step.after["counter"], step.after["unit"]
        if counter and unit:
            yield "unit", "two_places", ""
        if counter:
            held = self._after["counters"].get(counter)
            if held is None:
                yield "counter", "no_counter", counter
            elif held["closed"] and step.moves:
                yield "counter", "in_closed", counter
        if unit and unit not in self._after["units"]:
            yield "unit", "no_unit", unit


def _kept_in(facts: Facts, counters: Things) -> str:
    if not facts["counter"]:
        return facts["unit"]
    return counters.get(facts["counter"], {}).get("unit", "")
