"""``hailong-fleet terminal add --csv``: a whole list of terminals, all of it or nothing."""

import argparse
import shutil
from collections.abc import Callable, Iterator
from typing import Any

from fleet_server import clock
from fleet_server.commands import actor
from fleet_server.commands.terminal.registry import expiry, put
from fleet_server.errors import UsageError
from fleet_server.settings import Settings
from fleet_server.store import enrolment
from fleet_server.store.database import writing
from fleet_server.store.models import Counter, Terminal
from provisioning.commands.enrolment import unlabelled
from provisioning.enrol import batch, files, roster, tokens
from provisioning.enrol.roster import Problem, Roster
from wire.enrolment import EnrolmentFile
from wire.fields import format_time


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Check the list against the fleet; write files and labels, and register; print where.

    Raises:
        ProvisioningError: a row can't be used; every one is named, and nothing was written.
    """
    now = clock.now_ms()
    names = {counter.code: counter.name for counter in Counter.select()}
    complete = _complete(settings, names, format_time(expiry(args.valid_days, now)))
    found = roster.read(args.csv.read_bytes(), str(args.csv), complete)
    found.problems += _judged(found, names, now, again=args.again)
    registered = all(entry.token_sha256 for entry in found.entries)
    found.problems += unlabelled(found, "none" if registered else args.labels)
    found.refuse(str(args.csv))
    if registered:
        with writing():
            for entry in found.entries:
                _register(entry.file, entry.token_sha256 or "", now, again=args.again)
        print(f"{len(found.entries)} terminals registered")
        return 0
    return _make(args, settings, found, now)


def _make(args: argparse.Namespace, settings: Settings, found: Roster, now: int) -> int:
    from provisioning.commands.enrolment import write

    if args.out is None:
        raise UsageError("--csv needs --out NEW, the folder for the files")
    batch.make_sure_new(args.out)
    made = batch.with_tokens(found.entries)
    try:
        # What can't be written is not promised, and the former tokens stay.
        write(args.out, made, args.labels, settings.web.url)
        with writing():
            for file in made:
                _register(file, tokens.digest(file.token or ""), now, again=args.again)
    except BaseException:
        shutil.rmtree(args.out, ignore_errors=True)
        raise
    print(args.out)
    return 0


def _register(file: EnrolmentFile, digest: str, now: int, *, again: bool) -> None:
    put(file.terminal, file.counter, now, again=again)
    place = enrolment.Place(file.counter, file.counter_name)
    enrolment.add_token(file.terminal, digest, file.expires, now, place=place, actor=actor())


def _complete(
    settings: Settings, names: dict[str, str], expires: str
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Let the fleet say what the rows do not; a row without a name has its counter's."""
    fleet = {
        "est_url": settings.est.url,
        "mqtt_host": settings.broker.host,
        "mqtt_port": settings.broker.port,
        "expires": expires,
    }
    whom = files.common(settings.layout)

    def complete(values: dict[str, Any]) -> dict[str, Any]:
        code = values.get("counter")
        # An unknown counter is named by `_judged`; the row's other cells are checked all the same.
        known = {"counter_name": names.get(code, code)} if isinstance(code, str) else {}
        return {**fleet, **known, **values, **whom}

    return complete


def _judged(found: Roster, names: dict[str, str], now: int, *, again: bool) -> Iterator[Problem]:
    """Find what this fleet has not, has already, or has no more."""
    held = {row.id: row.retired_at is not None for row in Terminal.select()}
    closed = {row.code for row in Counter.select() if row.closed_day is not None}
    for entry in found.entries:
        file = entry.file
        if file.counter not in names:
            text = f'no counter has the code "{file.counter}"; add it, or correct the cell'
            yield Problem(entry.row, "counter", text)
        elif file.counter in closed:
            yield Problem(entry.row, "counter", f'counter "{file.counter}" is closed')
        if held.get(file.terminal):
            yield Problem(entry.row, "terminal", f'"{file.terminal}" is out of use for good')
        elif file.terminal in held and not again:
            text = f'"{file.terminal}" exists; for a new file add --again'
            yield Problem(entry.row, "terminal", text)
        if entry.token_sha256 is not None and file.expires <= now:
            text = f"its token was good until {format_time(file.expires)}; make new files"
            yield Problem(entry.row, "expires", text)
        if (entry.token_sha256 is None) != (found.entries[0].token_sha256 is None):
            yield Problem(entry.row, "token_sha256", "all rows have one, or none has")
