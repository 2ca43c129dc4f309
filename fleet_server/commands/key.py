"""``hailong-fleet key``: keys for the REST interface."""

import argparse
import sys

from fleet_server.commands import add_config, checked_name
from fleet_server.errors import FleetError, UsageError
from fleet_server.settings import load


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    key = sub.add_parser("key", help="keys for the REST interface")
    actions = key.add_subparsers(dest="action", required=True, metavar="ACTION")
    for action, explained in (
        ("add", "make a key; it is printed once, on standard output"),
        ("revoke", "let a key be refused from now on"),
    ):
        parser = actions.add_parser(action, help=explained, description=explained)
        parser.add_argument("positional", nargs="?", metavar="NAME", help="who uses the key")
        parser.add_argument("--name", help="the same, as an option")
        add_config(parser)
    add_config(actions.add_parser("list", help="show the names of all keys"))


def run(args: argparse.Namespace) -> int:
    """Make, revoke or list."""
    from fleet_server.store.database import close, open_database

    settings = load(args.config)
    name = "" if args.action == "list" else _name(args)
    open_database(settings.database.url)
    try:
        return _ACTIONS[args.action](name)
    except ValueError as error:
        raise FleetError(str(error)) from None
    finally:
        close()


def _name(args: argparse.Namespace) -> str:
    given = [name for name in (args.positional, args.name) if name is not None]
    if len(given) != 1:
        raise UsageError(f"say once whose key it is: hailong-fleet key {args.action} --name NAME")
    return checked_name(given[0])


def _add(name: str) -> int:
    from fleet_server.clock import now_ms
    from fleet_server.store import api_keys

    key = api_keys.add(name, now_ms())
    print("Keep this key now: it is not shown again, and only its hash is held.", file=sys.stderr)
    print(key)
    return 0


def _revoke(name: str) -> int:
    from fleet_server.clock import now_ms
    from fleet_server.store import api_keys

    api_keys.revoke(name, now_ms())
    return 0


def _list(_name: str) -> int:
    from fleet_server.store import api_keys

    for name, _created, revoked, _used in api_keys.listed():
        print(f"{name}\trevoked" if revoked is not None else name)
    return 0


_ACTIONS = {"add": _add, "revoke": _revoke, "list": _list}
