"""``hailong-fleet terminal``: invite, shut out, replace, configure, command, look at them."""

import argparse
from typing import Protocol

from fleet_server.commands import changing
from fleet_server.commands.terminal import command, configure, registry, replace, show
from fleet_server.settings import Settings, load
from wire.ids import check_terminal_id


class _Action(Protocol):
    def __call__(self, args: argparse.Namespace, settings: Settings, terminal: str, /) -> int: ...


_ACTIONS: dict[str, _Action] = {
    "add": registry.add,
    "revoke": registry.revoke,
    "replace": replace.run,
    "configure": configure.run,
    "command": command.run,
    "show": show.run,
}


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    terminal = sub.add_parser(
        "terminal", help="terminals: invite, shut out, replace, configure, command, show"
    )
    actions = terminal.add_subparsers(dest="action", required=True, metavar="ACTION")
    for module in (registry, replace, configure, command, show):
        module.add_parser(actions)


def run(args: argparse.Namespace) -> int:
    """Do what was asked with one terminal."""
    settings = load(args.config)
    terminal = check_terminal_id(args.id)
    with changing(settings):
        return _ACTIONS[args.action](args, settings, terminal)
