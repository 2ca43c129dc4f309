"""``hailong-fleet terminal add`` and ``terminal revoke``: who belongs to the fleet."""

import argparse
import re
import sys
from pathlib import Path

from fleet_server import clock
from fleet_server.commands import actor, add_config
from fleet_server.errors import FleetError, UsageError
from fleet_server.settings import Settings
from provisioning.commands import agreed
from provisioning.commands.enrolment import add_labels

_SHA256 = re.compile(r"[0-9a-f]{64}")


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments of both."""
    add = actions.add_parser(
        "add",
        help="make a terminal's enrolment file and print its path",
        description="Makes a file with a one-time token. Put it on the terminal's card as "
        "enrolment.toml: the terminal enrols by itself at its next start. The file is a secret "
        "until then. With --csv: a whole list, with files, labels and all, or nothing when a row "
        "is wrong; its columns are those of hailong-provision enrolment --help, and "
        "hailong-provision enrolment --template FILE writes an empty list; the list of terminals "
        "of export-tree will do as well, saved as CSV. The list tokens.csv of files that were made "
        "elsewhere is registered in the same way.",
    )
    what = add.add_mutually_exclusive_group(required=True)
    what.add_argument("--id", metavar="t-…", help="name of the terminal")
    what.add_argument("--csv", type=Path, metavar="FILE", help="a list of terminals")
    add.add_argument("--counter", metavar="CODE", help="where the one terminal stands")
    add.add_argument("--out", type=Path, metavar="NEW", help="with --csv: the folder to make")
    add_labels(add)
    add.add_argument(
        "--again",
        action="store_true",
        help="terminals exist: move them to the counter, make new files, end the old tokens",
    )
    add_valid_days(add)
    add.add_argument(
        "--token-sha256",
        metavar="HEX",
        help="the file was made elsewhere (hailong-provision enrolment): register its token",
    )
    add_config(add)
    revoke = actions.add_parser(
        "revoke",
        help="revoke all keys and certificates of a terminal",
        description="For a terminal that is lost, stolen or broken. Records that the server has "
        "acknowledged stand; what still comes under these keys is held as disputed.",
    )
    revoke.add_argument("id", metavar="ID", help="name of the terminal")
    revoke.add_argument("--yes", action="store_true", help="don't ask, even in a terminal window")
    add_config(revoke)


def add_valid_days(parser: argparse.ArgumentParser) -> None:
    """Give an action the ``--valid-days`` option, which `expiry` takes."""
    parser.add_argument(
        "--valid-days", type=int, default=14, help="life of the token (default: 14)"
    )


def check(args: argparse.Namespace) -> None:
    """Check how terminals are to be added.

    Raises:
        UsageError: the words don't go together.
    """
    if args.csv is None and args.counter is None:
        raise UsageError("--counter is needed: where the terminal stands")
    if args.csv and (args.counter or args.token_sha256):
        raise UsageError("with --csv, counters and tokens stand in the list")
    if args.token_sha256 and not _SHA256.fullmatch(args.token_sha256):
        raise UsageError("--token-sha256 must be 64 hexadecimal digits")


def add(args: argparse.Namespace, settings: Settings, terminal: str) -> int:
    """Make a terminal's enrolment file and print its path."""
    from fleet_server.invitations import invite
    from fleet_server.store import enrolment
    from fleet_server.store.pages import tree
    from provisioning.enrol import files

    now = clock.now_ms()
    expires = expiry(args.valid_days, now)
    put(terminal, args.counter, now, again=args.again)
    place = enrolment.Place(args.counter, tree.counter(args.counter).name)
    if args.token_sha256:
        enrolment.add_token(terminal, args.token_sha256, expires, now, place=place, actor=actor())
        return 0
    text = invite(settings, terminal, place, expires, now, actor())
    print(files.keep(settings.layout, terminal, text))
    return 0


def expiry(valid_days: int, now: int) -> int:
    """Return when a token made at ``now`` ends, both in Unix milliseconds.

    Raises:
        UsageError: that is too soon or too late.
    """
    from fleet_server.invitations import DAY_MS

    if not 1 <= valid_days <= 365:
        raise UsageError("--valid-days must be from 1 to 365")
    return now + valid_days * DAY_MS


def put(terminal: str, counter: str, now: int, *, again: bool) -> None:
    """Add a terminal at a counter, or, ``again``, move it there."""
    from fleet_server.store.edits import terminals
    from fleet_server.store.enrolment import Taken

    try:
        terminals.add(terminal, counter, None, "", now, actor())
    except Taken:
        if not again:
            raise Taken(
                f"terminal {terminal} exists; for a new enrolment file add --again"
            ) from None
        terminals.move(terminal, None, counter, None, now, actor())


def revoke(args: argparse.Namespace, settings: Settings, terminal: str) -> int:
    """Revoke all keys and certificates of a terminal, once a person who is there has agreed."""
    from fleet_server.store import enrolment
    from fleet_server.store.pages import terminals
    from provisioning.enrol import files

    question = (
        f"Revoke all keys of {terminal}? It can't connect any more, and this can't be undone."
    )
    asks = terminals.terminal(terminal) and sys.stdin.isatty() and not args.yes
    if asks and not agreed(question):
        _say("Nothing was changed.")
        return 1
    keys = enrolment.revoke_terminal(terminal, clock.now_ms(), actor())
    if keys:
        _say(f"{terminal}: {keys} keys revoked; the server no longer believes them")
    else:
        _say(f"{terminal}: it had no key to revoke; its enrolment file, if any, counts no more")
    files.remove(settings.layout, terminal)
    end_certificates(settings, terminal)
    return 0


def end_certificates(settings: Settings, terminal: str) -> None:
    """Put a terminal's certificates on the revocation list, and say what is left to do.

    Raises:
        FleetError: the list can't be written. Enrolment writes it within minutes where it runs.
    """
    from provisioning.errors import ProvisioningError
    from provisioning.pki import authority

    try:
        issuing = authority.load_issuing(settings.layout)
        count = authority.revoke(settings.layout, issuing, terminal, clock.now())
    except (ProvisioningError, OSError) as error:
        raise FleetError(f"the revocation list was NOT written: {error}") from None
    _say(f"{settings.layout.issuing_crl}: {count} certificates of it added")
    _say(_NEXT[settings.broker.kind])


def _say(text: str) -> None:
    print(text, file=sys.stderr)


_NEXT = {
    "nats": "hailong-fleet broker-auth, if it is running, disconnects the terminal by itself.",
    "mosquitto": (
        "Mosquitto under hailong-fleet broker refuses new connections by itself within seconds "
        "(any other must be reloaded). A connection that is up stays: restart Mosquitto to end it."
    ),
}
