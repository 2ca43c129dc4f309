"""``hailong-fleet user``: the people who sign in to the pages, from the server itself."""

import argparse
import sys
from collections.abc import Callable
from getpass import getpass
from typing import TYPE_CHECKING

from fleet_server import clock
from fleet_server.commands import actor, add_config
from fleet_server.core.roles import ROLES, Grant
from fleet_server.errors import FleetError, UsageError
from fleet_server.settings import Settings, load

if TYPE_CHECKING:
    from fleet_server.store.people import By

PASSWORD_READ = 129

_EPILOG = """\
The password is asked for, or read from the first line of standard input; it is never an argument,
because arguments can be read by everybody on the machine. With --invite there is none: a one-time
link is printed instead, to be handed over.
"""

_ANEW = """\
Whoever becomes an administrator or a technician, somewhere or in more of the fleet, begins anew:
password, passkeys, authenticator app and recovery codes are forgotten, so that nobody who got hold
of the account before gains by it. A one-time link is printed, to be handed over, unless they come
by single sign-on and are not its only_local.
"""


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    user = sub.add_parser("user", help="people who sign in to the pages")
    actions = user.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = _action(actions, "add", "add somebody", _EPILOG)
    add.add_argument(
        "--role",
        choices=ROLES,
        default="administrator",
        help="what they may do (default: administrator, everything)",
    )
    _unit(add)
    add.add_argument("--invite", action="store_true", help="print a one-time link, no password")
    for name, explained, epilog in (
        ("grant", "give a role", _ANEW),
        ("revoke", "take a role away", None),
    ):
        parser = _action(actions, name, f"{explained}; their sessions end", epilog)
        parser.add_argument("--role", choices=ROLES, required=True, help="which role")
        _unit(parser)
    _action(actions, "deactivate", "let somebody sign in no more; their sessions end")
    _action(actions, "reactivate", "let somebody sign in again")
    reset = _action(actions, "reset", "print a one-time link for a new password")
    reset.add_argument(
        "--second-factors", action="store_true", help="take app, passkeys and codes away too"
    )
    add_config(actions.add_parser("list", help="show everybody, with roles and second factors"))


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    explained: str,
    epilog: str | None = None,
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=explained, description=explained, epilog=epilog)
    parser.add_argument("--email", required=True, help="what they sign in with")
    add_config(parser)
    return parser


def _unit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--unit", metavar="CODE", help="only there and below (default: in the whole fleet)"
    )


def run(args: argparse.Namespace) -> int:
    """Do what is asked, under the same rules as the pages."""
    from fleet_server.app import create_app
    from fleet_server.store.people import By, NotAllowed

    settings = load(args.config)
    try:
        with create_app(settings).app_context():
            _ACTIONS[args.action](args, settings, By.command(actor()))
    except NotAllowed as refused:
        raise FleetError(_REFUSED[refused.reason]) from None
    return 0


_REFUSED = {
    "self": "nobody changes what they hold themselves",
    "beyond": "this can't be given or changed",
    "last": "this is the last administrator of the whole fleet who can sign in; name another first",
    "anew": "this person holds a role that can't be given, so they can't begin anew",
}


def _add(args: argparse.Namespace, settings: Settings, by: "By") -> None:
    from fleet_server.store import people
    from fleet_server.store.users import add_user
    from fleet_server.web.signin import hashed, normalised_email

    email = normalised_email(args.email)
    if email is None:
        raise UsageError(f"--email: {args.email!r} is not an e-mail address")
    grant, now = _grant(args), clock.now_ms()
    if args.invite:
        _user, code = people.invite(email, "", [grant], by, now)
        _print_link(settings, code)
        return
    password = checked(_ask() if sys.stdin.isatty() else _read(), email)
    add_user(email, hashed(password), args.role, now, actor=by.actor, unit=grant.unit)


def _give(args: argparse.Namespace, settings: Settings, by: "By") -> None:
    from fleet_server.store import people
    from fleet_server.web.local import emergency

    user, grant, now = _person(args.email), _grant(args), clock.now_ms()
    changed = people.change_grants(user, None, [grant], [], by, now, emergency(settings))
    if changed is None or not changed.anew:
        return
    print("What they signed in with here is forgotten; their sessions have ended.", file=sys.stderr)
    if changed.code is not None:
        _print_link(settings, changed.code)


def _take(args: argparse.Namespace, _settings: Settings, by: "By") -> None:
    from fleet_server.store import people

    if not people.change_grants(_person(args.email), None, [], [_grant(args)], by, clock.now_ms()):
        raise FleetError(f"{args.email} does not hold this role there; nothing was changed")


def _deactivate(args: argparse.Namespace, _settings: Settings, by: "By") -> None:
    from fleet_server.store import people

    people.set_active(_person(args.email), False, by, clock.now_ms())


def _reactivate(args: argparse.Namespace, _settings: Settings, by: "By") -> None:
    from fleet_server.store import people

    people.set_active(_person(args.email), True, by, clock.now_ms())


def _reset(args: argparse.Namespace, settings: Settings, by: "By") -> None:
    from fleet_server.store import people

    code = people.reset(_person(args.email), args.second_factors, by, clock.now_ms())
    _print_link(settings, code)


def _list(_args: argparse.Namespace, _settings: Settings, _by: "By") -> None:
    from fleet_server.core.roles import EVERYTHING
    from fleet_server.store import people
    from fleet_server.store.pages.people import people as listed

    for one in listed(EVERYTHING, clock.now_ms()):
        units = people.units_told(one.grants)
        roles = [f"{grant.role}@{units.get(grant.unit or 0, '*')}" for grant in one.grants]
        second = [word for word, held in (("app", one.app), ("passkey", one.passkeys)) if held]
        state = "active" if one.active else "off"
        if one.active and not one.has_password and not one.single:
            state = "invited"
        words = (one.email, state, ",".join(roles) or "-", ",".join(second) or "-")
        print("\t".join(words))


_Action = Callable[[argparse.Namespace, Settings, "By"], None]
_ACTIONS: dict[str, _Action] = {
    "add": _add,
    "grant": _give,
    "revoke": _take,
    "deactivate": _deactivate,
    "reactivate": _reactivate,
    "reset": _reset,
    "list": _list,
}


def _person(email: str) -> int:
    from fleet_server.store.users import datastore

    found = datastore().find_user(case_insensitive=True, email=email)  # type: ignore[no-untyped-call]  # no types there
    if found is None:
        raise FleetError(f"{email}: nobody has this e-mail; see: hailong-fleet user list")
    return int(found.id)


def _grant(args: argparse.Namespace) -> Grant:
    from fleet_server.store.enrolment import Missing
    from fleet_server.store.offices import unit_id

    try:
        return Grant(args.role, unit_id(args.unit) if args.unit else None)
    except Missing as error:
        raise FleetError(str(error)) from None


def _print_link(settings: Settings, code: str) -> None:
    print("It works once, and is not shown again. Hand it over to nobody else.", file=sys.stderr)
    print(f"{settings.web.url}/link/{code}")


def checked(password: str, email: str = "") -> str:
    """Return the password if it is a good one; the rules are those of the pages.

    Raises:
        UsageError: it is not; the message does not repeat it.
    """
    from fleet_server.web.passwords import MAX, MIN, fault

    wrong = fault(password, email)
    if wrong is not None and MIN <= len(password) <= MAX and password.isprintable():
        raise UsageError("the password is guessed too easily; take four words that don't belong")
    if wrong is not None:
        raise UsageError(f"the password must have {MIN} to {MAX} printable characters")
    return password


def _ask() -> str:
    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        raise FleetError("the two passwords differ; nothing was changed")
    return password


def _read() -> str:
    # One line, bounded: nobody's password is a file.
    return sys.stdin.readline(PASSWORD_READ + 1).rstrip("\r\n")
