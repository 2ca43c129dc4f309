"""Lists of units, counters and terminals: in with a plan first, and out in the same form.

The page and the command both go through here. A plan is made anew in the transaction that carries
it out; where it is not the one that was looked at, nothing is done.
"""

import hashlib
from datetime import tzinfo

from fleet_server.core.days import local
from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.core.tree_import.plan import Fleet, Plan, Reach, plan
from fleet_server.core.tree_import.vocabulary import (
    COLUMNS,
    KINDS,
    SUBJECTS,
    TITLES,
    Language,
    Subject,
)
from fleet_server.core.tree_import.wanted import read, row_of
from fleet_server.sheets.reading import read_tables
from fleet_server.sheets.writing import Sheet
from fleet_server.store import audit_log
from fleet_server.store.database import reading, writing
from fleet_server.store.edits import counters, importing
from fleet_server.store.edits.importing import Source

WHOLE = Reach()
"""Of whoever may change everything, such as a command on the server."""


class Changed(Exception):
    """The plan is another than the one that was looked at, or has problems; ``plan`` is the new."""

    def __init__(self, plan: Plan) -> None:
        """Keep the new plan."""
        super().__init__()
        self.plan = plan


def source_of(name: str, content: bytes, now: int, zone: tzinfo, actor: str) -> Source:
    """Return where a list comes from, for the audit log."""
    today = local(now, zone).date().isoformat()
    return Source(name, hashlib.sha256(content).hexdigest(), today, now, actor)


def planned(content: bytes, name: str, reach: Reach = WHOLE) -> Plan:
    """Return what a file would do.

    Raises:
        SheetError: it can't be read.
    """
    wanted = read(read_tables(content, name))
    with reading():
        return plan(wanted, importing.fleet(), reach, counters.last_day)


def carry_out(content: bytes, source: Source, digest: str, reach: Reach = WHOLE) -> Plan:
    """Do what a file asks for, all of it or nothing.

    Args:
        content: the file.
        source: where it comes from.
        digest: of the plan that somebody has looked at.
        reach: where they may change things.

    Raises:
        SheetError: it can't be read.
        Changed: the plan is another one by now, or something is wrong with it.
        TreeError: something moved after today.
    """
    wanted = read(read_tables(content, source.name))
    with writing():
        made = plan(wanted, importing.fleet(), reach, counters.last_day)
        if made.problems or made.digest != digest:
            raise Changed(made)
        if made.steps:
            importing.carry_out(made, source)
        return made


def exported(now: int, actor: str, scope: Scope = EVERYTHING) -> Fleet:
    """Return what is there in a scope, and write down that somebody takes it away."""
    with writing():
        fleet = importing.fleet(scope)
        counts: dict[str, int] = {subject: len(things) for subject, things in fleet.things.items()}
        audit_log.note(actor, "export.tree", "tree", counts, at=now)
        return fleet


def sheets(fleet: Fleet, language: Language) -> list[Sheet]:
    """Return what is there as lists in the form in which they are imported."""
    return [_sheet(subject, fleet, language) for subject in SUBJECTS]


def _sheet(subject: Subject, fleet: Fleet, language: Language) -> Sheet:
    rows = []
    for code, facts in fleet.things[subject].items():
        values = dict(facts)
        if subject == "units":
            values["kind"] = KINDS[values["kind"]][language]  # type: ignore[index]  # a kind
        rows.append(list(row_of(subject, code, values)))
    headings = [column.headings[language] for column in COLUMNS[subject]]
    return Sheet(TITLES[subject][language], headings, rows)
