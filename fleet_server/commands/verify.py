"""``hailong-fleet verify``: checks every signature and link of every chain, and says so plainly."""

import argparse
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fleet_server.commands import add_config
from fleet_server.core.audit_log import DIGITS_TOLD
from fleet_server.settings import load

if TYPE_CHECKING:
    from datetime import tzinfo

    from fleet_server.core.audit import Audit, Fault
    from fleet_server.core.verify import Keyring
    from fleet_server.store.audits import Waiting
    from fleet_server.store.models import Chain

HEAD = re.compile(rf"[0-9a-f]{{{DIGITS_TOLD},64}}")

SHOWN = 20
"""Faults of one chain that get a line each."""


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    verify = sub.add_parser(
        "verify",
        help="check every signature and link of every chain, and the figures made of them",
        epilog="Exit code 0: everything is whole. 1: something is wrong; each line says what.",
    )
    add_config(verify)
    verify.add_argument("--terminal", metavar="ID", help="check this terminal only")
    verify.add_argument(
        "--audit-head",
        metavar="NUMBER:HASH",
        help="the newest entry of the audit log as it was written down before; at least 32 digits "
        "of its hash",
    )


def run(args: argparse.Namespace) -> int:
    """Walk every chain; 1 if anything is wrong."""
    from fleet_server.errors import UsageError
    from fleet_server.store import audits
    from fleet_server.store.database import close, open_database, reading

    settings = load(args.config)
    written_down = _written_down(args.audit_head)
    open_database(settings.database.url)
    try:
        with reading():
            terminals = audits.terminals()
            if args.terminal is not None and args.terminal not in terminals:
                raise UsageError(f"no terminal has the id {args.terminal}")
            wrong = _records([args.terminal] if args.terminal else terminals, settings.fleet.zone)
        if args.terminal is None:
            wrong += _figures(settings.fleet.zone)
        if args.terminal is None or written_down:
            wrong += _audit_log(written_down)
        return _conclude(wrong)
    finally:
        close()


def _records(terminals: list[str], zone: "tzinfo") -> int:
    """Check chains and what the figures say of their records; return how much is wrong."""
    from fleet_server import clock
    from fleet_server.core.audit import Audit
    from fleet_server.store import audits
    from fleet_server.store.keys import keyrings

    waiting = audits.Waiting(clock.now_ms(), zone)
    chains = records = wrong = 0
    for terminal in terminals:
        keys = keyrings([terminal])[terminal]
        for row in audits.chains_of(terminal):
            audit = Audit(audits.held_chain(row), keys)
            faults = _faults(row, audit, keys, waiting)
            chains, wrong = chains + 1, wrong + _print(row, audit, faults)
            records += audit.summary.records
    print(f"{chains} chains with {records} records were checked.")
    return wrong


def _figures(zone: "tzinfo") -> int:
    """Check what was made of the records of all terminals together."""
    from fleet_server.store import case_audit, figures, rollups

    found = [*figures.misjudged(), *figures.unfounded(), *case_audit.faults()]
    counted = rollups.recount(zone)
    found += [
        f"counter {one.counter}, {one.day}: the {one.what} on the pages are not what their rows "
        "say; see hailong-fleet recount"
        for one in counted.differences
    ]
    for what in found[:SHOWN]:
        print(f"WRONG  {what}")
    if len(found) > SHOWN:
        print(f"WRONG  and {len(found) - SHOWN} more figures")
    print(f"The figures of {counted.days} counter-days were checked.")
    return len(found)


def _written_down(text: str | None) -> tuple[int, str] | None:
    from fleet_server.errors import UsageError

    if text is None:
        return None
    number, _, digits = text.strip().partition(":")
    if not HEAD.fullmatch(digits.lower()) or not number.isdecimal() or len(number) > 15:
        raise UsageError(
            f"--audit-head is a number, a colon and {DIGITS_TOLD} to 64 digits of a hash; fewer "
            "prove nothing, since a log could be made that has the same"
        )
    return int(number), digits.lower()


def _audit_log(written_down: tuple[int, str] | None) -> int:
    """Check the audit log, also against what was written down; return how much is wrong."""
    from fleet_server.store import audit_log
    from fleet_server.store.database import reading

    with reading():
        found = list(audit_log.wrong())
        number, newest = audit_log.head()
        if written_down is not None:
            held = audit_log.hash_at(written_down[0]) if written_down[0] else newest
            if held is None:
                found.append(f"audit log: there is no entry {written_down[0]} any more")
            elif not held.startswith(written_down[1]):
                found.append(f"audit log: entry {written_down[0]} is not the one written down")
    for what in found[:SHOWN]:
        print(f"WRONG  {what}")
    print(f"The audit log has {number} entries. Write its newest down: {number}:{newest}")
    return len(found)


def _conclude(wrong: int) -> int:
    if wrong:
        print(f"{wrong} things are WRONG, see above. Keep a copy of the database as it is.")
        return 1
    print(
        "Every record is signed by an enrolled key, linked to the one before, and none is missing."
    )
    return 0


def _faults(row: "Chain", audit: "Audit", keys: "Keyring", waiting: "Waiting") -> "Iterator[Fault]":
    from fleet_server.core.audit import Fault
    from fleet_server.store import audits, figures

    yield from audit.main(audits.branch(row, 0, waiting))
    for number in audits.side_branches(row):
        yield from audit.side(
            number, audits.bases(row, number), audits.branch(row, number, waiting)
        )
    for found in figures.faults(row, keys):
        yield Fault(*found)


def _print(row: "Chain", audit: "Audit", faults: "Iterator[Fault]") -> int:
    name = f"{row.terminal_id} chain {row.chain_id}"
    count = 0
    for fault in faults:
        count += 1
        if count <= SHOWN:
            where = f"position {fault.seq}" if fault.seq is not None else "as a whole"
            side = f", side branch {fault.branch}" if fault.branch else ""
            print(f"WRONG  {name}{side}, {where}: {fault.what}")
    if count > SHOWN:
        print(f"WRONG  {name}: and {count - SHOWN} more")
    found = audit.summary
    notes = f"{found.records} records up to position {row.head_seq}"
    notes += f", {found.quarantined} quarantined" if found.quarantined else ""
    notes += f", {found.disputed} disputed" if found.disputed else ""
    notes += f", {found.waiting} wait to be counted" if found.waiting else ""
    print(f"{'WRONG' if count else 'whole'}  {name}: {notes}")
    if found.due:
        print(f"note   {name}: {found.due} of them may count by now; ingest takes them up")
    return count
