"""What the pages of a person may hear of what changes: subjects of the parts that they see."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from fleet_server.core.roles import NOTHING, Scope
from fleet_server.store.changes import FLEET, SIGNAL
from fleet_server.store.database import rows
from fleet_server.store.matters import ABOUT_UNIT
from fleet_server.store.models import Counter, Terminal, Unit
from fleet_server.store.pages.within import within


@dataclass(frozen=True, slots=True)
class Hearing:
    """Subjects that are heard: of some kinds all, of others some.

    Attributes:
        kinds: ``counter``, ``terminal``, ``matter`` or ``case``: those that are heard of the whole
            fleet.
        single: subjects that are heard by themselves.
    """

    kinds: frozenset[str]
    single: frozenset[str]

    def __call__(self, subject: str) -> bool:
        """Tell whether a change is heard."""
        return subject.partition(":")[0] in self.kinds or subject in self.single


def hearing(
    figures: Scope,
    fleet: Scope,
    matters: Scope,
    evidence: Scope = NOTHING,
    words: Collection[str] = (),
) -> Hearing:
    """Return what somebody hears who sees figures, terminals, matters, evidence in these parts.

    ``words`` are subjects that tell nothing of where something is another.
    """
    scopes = {"counter": figures, "terminal": fleet, "matter": matters, "case": matters}
    kinds = frozenset(kind for kind, scope in scopes.items() if scope.units is None)
    # That some state has changed tells nothing of whose, and a wall of a branch must follow.
    single: set[str] = {*words, *([FLEET] if fleet else [])}
    if evidence:  # nor which signal
        single.add(SIGNAL)
    if "counter" not in kinds:
        query = within(Counter.select(Counter.code), figures, Counter.unit)
        single |= {f"counter:{code}" for (code,) in rows(query)}
    for kind in ("terminal", "matter"):
        if kind not in kinds:
            single |= {f"{kind}:{one}" for one in _terminals(scopes[kind])}
    if "matter" not in kinds:
        query = within(Unit.select(Unit.code), matters, Unit.id)
        for (code,) in rows(query):
            single |= {f"matter{ABOUT_UNIT}{code}", f"case:{code}"}
    return Hearing(kinds, frozenset(single))


def _terminals(scope: Scope) -> list[str]:
    where: Any = fn.COALESCE(Counter.unit, Terminal.unit)
    query = Terminal.select(Terminal.id).join(
        Counter, JOIN.LEFT_OUTER, on=(Terminal.counter == Counter.id)
    )
    return [one for (one,) in rows(within(query, scope, where))]
