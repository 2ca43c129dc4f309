"""``hailong-fleet terminal replace OLD NEW``: another terminal takes a broken one's counter."""

import argparse
import sys

from fleet_server import clock
from fleet_server.commands import actor, add_config
from fleet_server.commands.terminal.registry import add_valid_days, end_certificates, expiry
from fleet_server.errors import UsageError
from fleet_server.settings import Settings
from wire.ids import check_terminal_id


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = actions.add_parser(
        "replace",
        help="put another terminal in the place of a broken one, and make its enrolment file",
        description="Takes OLD out of use for good and puts NEW, which may be new to the fleet or "
        "lie in a store, at its counter. The counter keeps its figures, and what OLD sent stands. "
        "What was set at OLD from the server is set at NEW. What did not arrive yet lies on OLD's "
        "card: hailong-fleet import takes it from there. "
        "Prints the path of NEW's enrolment file. To give the same terminal another card, see "
        "terminal add --again.",
    )
    parser.add_argument("id", metavar="OLD", help="name of the broken terminal")
    parser.add_argument("new", metavar="NEW", help="name of the one that takes its place")
    parser.add_argument(
        "--lost",
        action="store_true",
        help="OLD is lost or stolen: also revoke its keys and certificates. What is imported from "
        "its card later is held as disputed",
    )
    add_valid_days(parser)
    add_config(parser)


def run(args: argparse.Namespace, settings: Settings, terminal: str) -> int:
    """Replace the terminal, and make the enrolment file of the one in its place."""
    from fleet_server.invitations import invite
    from fleet_server.store.edits.replacing import Replacement, replace
    from provisioning.enrol import files

    new = check_terminal_id(args.new)
    if new == terminal:
        raise UsageError(f"{new}: for another card in the same terminal use: terminal add --again")
    now = clock.now_ms()
    expires = expiry(args.valid_days, now)
    reason, note = f"replaced by {new}", f"in the place of {terminal}"
    place = replace(Replacement(terminal, new, reason, note, lost=args.lost), None, now, actor())
    files.remove(settings.layout, terminal)
    text = invite(settings, new, place, expires, now, actor())
    print(files.keep(settings.layout, new, text))
    if args.lost:
        end_certificates(settings, terminal)
    print(
        f"{terminal} is out of use; take what its card still holds with: hailong-fleet import PATH",
        file=sys.stderr,
    )
    return 0
