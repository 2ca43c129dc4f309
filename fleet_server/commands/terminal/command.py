"""``hailong-fleet terminal command``: have a terminal do something, once."""

import argparse
import sys
import time

from fleet_server import clock
from fleet_server.commands import actor, add_config
from fleet_server.errors import UsageError
from fleet_server.settings import Settings
from wire.commands import MOST_SECONDS, NAMES, read_order
from wire.errors import WireError

_LONGEST_TTL_S = 7 * 24 * 3600
_GRACE_S = 30
"""How long after its time to live a command's answer is waited for: a reboot takes a while."""
_DOT_S = 1.0


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = actions.add_parser(
        "command",
        help="have a terminal do something once: identify, restart, diagnostics, …",
        description="The command is signed and numbered; the terminal carries it out at most once, "
        "and only within its time to live, and answers with the outcome.",
    )
    parser.add_argument("id", metavar="ID", help="name of the terminal")
    parser.add_argument("name", metavar="COMMAND", help=", ".join(NAMES))
    parser.add_argument(
        "--seconds", type=int, metavar="N", help=f"with identify: how long, up to {MOST_SECONDS}"
    )
    parser.add_argument(
        "--ttl", type=int, default=120, metavar="S", help="its time to live in seconds (120)"
    )
    parser.add_argument("--wait", action="store_true", help="wait for the outcome and print it")
    add_config(parser)


def run(args: argparse.Namespace, _settings: Settings, terminal: str) -> int:
    """Send a command; with ``--wait`` the exit code is 0 when it was done."""
    from fleet_server.store import commands, enrolment

    if not 1 <= args.ttl <= _LONGEST_TTL_S:
        raise UsageError(f"--ttl must be from 1 to {_LONGEST_TTL_S}")
    arguments = {} if args.seconds is None else {"seconds": args.seconds}
    try:
        read_order(args.name, arguments)
    except WireError as error:
        raise UsageError(f"{args.name}: {error}") from None
    enrolment.check_in_use(terminal)
    sent = commands.wish(terminal, args.name, arguments, args.ttl, clock.now_ms(), actor())
    if not args.wait:
        print(
            f"its outcome will be shown by: hailong-fleet terminal show {terminal}", file=sys.stderr
        )
        return 0
    return _wait(sent, args.ttl + _GRACE_S)


def _wait(sent: int, longest_s: float) -> int:
    from fleet_server.store import commands

    end = clock.monotonic_s() + longest_s
    while True:
        found = commands.find(sent)
        if found is not None and found.outcome is not None:
            _end_dots()
            print(found.outcome if found.details is None else f"{found.outcome}: {found.details}")
            return 0 if found.outcome == "done" else 1
        if clock.monotonic_s() > end:
            _end_dots()
            told = found is not None and found.published_at is not None
            print("no answer" if told else "not sent; is ingest running?")
            return 1
        print(".", end="", file=sys.stderr, flush=True)
        time.sleep(_DOT_S)


def _end_dots() -> None:
    print(file=sys.stderr)
