"""``hailong-fleet user add``: somebody who may sign in to the pages."""

import argparse
import sys
from getpass import getpass

from fleet_server import clock
from fleet_server.commands import actor, add_config
from fleet_server.core.roles import ROLES
from fleet_server.errors import FleetError, UsageError
from fleet_server.settings import load

PASSWORD_MIN, PASSWORD_MAX = 12, 128
EMAIL_MAX = 254

_EPILOG = """\
The password is asked for, or read from the first line of standard input; it is never an argument,
because arguments can be read by everybody on the machine.
"""


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    user = sub.add_parser("user", help="people who sign in to the pages")
    actions = user.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add somebody", epilog=_EPILOG)
    add.add_argument("--email", required=True, help="what they sign in with")
    add.add_argument(
        "--role",
        choices=ROLES,
        default="administrator",
        help="what they may do (default: administrator, everything)",
    )
    add.add_argument(
        "--unit", metavar="CODE", help="only there and below (default: in the whole fleet)"
    )
    add_config(add)


def run(args: argparse.Namespace) -> int:
    """Add the person."""
    from fleet_server.app import create_app
    from fleet_server.web.signin import hashed, normalised_email

    settings = load(args.config)
    email = normalised_email(args.email)
    if email is None:
        raise UsageError(f"--email: {args.email!r} is not an e-mail address")
    password = checked(_ask() if sys.stdin.isatty() else _read())
    with create_app(settings).app_context():
        from fleet_server.store.enrolment import Missing
        from fleet_server.store.offices import unit_id
        from fleet_server.store.users import add_user

        try:
            unit = unit_id(args.unit) if args.unit else None
        except Missing as error:
            raise FleetError(str(error)) from None
        now = clock.now_ms()
        add_user(email, hashed(password), args.role, now, actor=actor(), unit=unit)
    return 0


def checked(password: str) -> str:
    """Return the password if it is of a good length.

    Raises:
        UsageError: it is not; the message does not repeat it.
    """
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX or not password.isprintable():
        raise UsageError(
            f"the password must have {PASSWORD_MIN} to {PASSWORD_MAX} printable characters"
        )
    return password


def _ask() -> str:
    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        raise FleetError("the two passwords differ; nothing was changed")
    return password


def _read() -> str:
    # One line, bounded: nobody's password is a file.
    return sys.stdin.readline(PASSWORD_MAX + 2).rstrip("\r\n")
