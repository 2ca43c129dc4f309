"""``hailong-fleet key``: keys for the REST interface."""

import argparse
import sys
from typing import TYPE_CHECKING

from fleet_server.commands import actor, add_config, checked_name
from fleet_server.errors import FleetError, UsageError
from fleet_server.settings import Settings, load

if TYPE_CHECKING:
    from fleet_server.store.api_keys import Listed

DAY_MS = 24 * 3600 * 1_000


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    from fleet_server.core.api_scopes import SCOPES

    key = sub.add_parser("key", help="keys for the REST interface")
    actions = key.add_subparsers(dest="action", required=True, metavar="ACTION")
    for action, explained in (
        ("add", "make a key; it is printed once, on standard output"),
        ("revoke", "let a key be refused from now on"),
    ):
        parser = actions.add_parser(action, help=explained, description=explained)
        parser.add_argument("positional", nargs="?", metavar="NAME", help="who uses the key")
        parser.add_argument("--name", help="the same, as an option")
        if action == "add":
            scopes = f"what it may do, again for each: {', '.join(SCOPES)} (default: tickets:write)"
            parser.add_argument("--scope", action="append", metavar="SCOPE", help=scopes)
            branch = "code of the unit at the top of its branch (default: the whole fleet)"
            parser.add_argument("--unit", metavar="CODE", help=branch)
            last = "last day on which it works (default: it works until it is revoked)"
            parser.add_argument("--expires", metavar="YYYY-MM-DD", help=last)
        add_config(parser)
    listing = "show all keys: name, how it stands, scopes, unit, last day, last use"
    add_config(actions.add_parser("list", help=listing, description=listing))


def run(args: argparse.Namespace) -> int:
    """Make, revoke or list."""
    from fleet_server.store.database import close, open_database

    settings = load(args.config)
    if args.action != "list":
        args.name = _name(args)
    open_database(settings.database.url)
    try:
        return _ACTIONS[args.action](args, settings)
    except ValueError as error:
        raise FleetError(str(error)) from None
    finally:
        close()


def _name(args: argparse.Namespace) -> str:
    given = [name for name in (args.positional, args.name) if name is not None]
    if len(given) != 1:
        raise UsageError(f"say once whose key it is: hailong-fleet key {args.action} --name NAME")
    return checked_name(given[0])


def _add(args: argparse.Namespace, settings: Settings) -> int:
    from fleet_server.clock import now_ms
    from fleet_server.core.api_scopes import USUAL, written
    from fleet_server.store import api_keys

    scopes = frozenset(args.scope or USUAL)
    expires = _end(args.expires, settings)
    key = api_keys.add(api_keys.NewKey(args.name, scopes, args.unit, expires, actor()), now_ms())
    print("Keep this key now: it is not shown again, and only its hash is held.", file=sys.stderr)
    print(f"It may: {written(scopes)}", file=sys.stderr)
    print(key)
    return 0


def _end(text: str | None, settings: Settings) -> int | None:
    """Return when a key ends whose last day is given."""
    from fleet_server.core.days import day_on, parse_date

    return None if text is None else day_on(parse_date(text), settings.fleet.zone).end


def _revoke(args: argparse.Namespace, _settings: Settings) -> int:
    from fleet_server.clock import now_ms
    from fleet_server.store import api_keys

    api_keys.revoke(args.name, now_ms(), actor())
    return 0


def _list(_args: argparse.Namespace, settings: Settings) -> int:
    from fleet_server.clock import now_ms
    from fleet_server.core.api_scopes import written
    from fleet_server.core.days import day_of
    from fleet_server.store import api_keys

    now, zone = now_ms(), settings.fleet.zone
    for one in reversed(api_keys.listed(now)):
        end = "-" if one.expires_at is None else day_of(one.expires_at - 1, zone).name
        used = "never used" if one.last_used is None else day_of(one.last_used, zone).name
        told = (one.name, _stands(one, now), written(one.scopes), one.unit or "-", end, used)
        print("\t".join(told))
    return 0


def _stands(key: "Listed", now: int) -> str:
    stands = key.standing(now)
    return "stopped" if key.stopped and stands in ("valid", "soon") else stands


_ACTIONS = {"add": _add, "revoke": _revoke, "list": _list}
