"""``hailong-fleet terminal show``: what is known of one terminal."""

import argparse
from collections.abc import Iterator
from datetime import datetime, tzinfo

from fleet_server.commands import add_config
from fleet_server.settings import Settings
from fleet_server.store.commands import Commanded
from fleet_server.store.downlink import Configured

_COMMANDS_SHOWN = 10


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = actions.add_parser("show", help="what is known of a terminal")
    parser.add_argument("id", metavar="ID", help="name of the terminal")
    add_config(parser)


def run(_args: argparse.Namespace, settings: Settings, terminal: str) -> int:
    """Print state, configuration, keys and the last commands."""
    from fleet_server.core.ailments import ailments
    from fleet_server.store import commands, downlink, enrolment
    from fleet_server.store.pages import evidence, terminals

    row = terminals.terminal(terminal)
    if row is None:
        raise enrolment.Missing(f"no terminal has the id {terminal}")
    zone = settings.fleet.zone
    print(f"terminal   {row.id}, at {row.counter_code or 'no counter'}")
    print(f"state      {row.state or 'never connected'}, last seen {_when(row.last_seen, zone)}")
    if wrong := ailments(row.health or {}):
        print(f"trouble    {', '.join(wrong).replace('_', ' ')}")
    print(f"firmware   {row.firmware or '-'}")
    print(f"waiting    {'-' if row.waiting is None else row.waiting} records")
    print(f"config     {_config(downlink.configuration(terminal), row.config_version)}")
    for key in evidence.keys(terminal):
        ended = "revoked" if key.revoked_at else "replaced" if key.replaced_at else "valid"
        print(f"key        {key.kid[:12]}… {ended}, certificate until {_when(key.not_after, zone)}")
    for line in _commands(commands.history(terminal, _COMMANDS_SHOWN), zone):
        print(line)
    return 0


def _config(wished: Configured | None, applied: int | None) -> str:
    if wished is None:
        return "none sent; the terminal's own tables count"
    if wished.answer is None:
        state = "no answer yet"
    elif wished.answer["applied"]:
        state = "applied"
    else:
        state = f"refused: {wished.answer['reason']}"
    now = "" if applied is None else f"; in force: version {applied}"
    return f"version {wished.version}, {state}{now}"


def _commands(history: list[Commanded], zone: tzinfo) -> Iterator[str]:
    for each in history:
        outcome = each.outcome or ("sent, no answer yet" if each.published_at else "not sent yet")
        details = "" if each.details is None else f": {each.details}"
        yield f"command    {_when(each.wished_at, zone)} {each.name}: {outcome}{details}"


def _when(at: int | None, zone: tzinfo) -> str:
    if at is None:
        return "never"
    return datetime.fromtimestamp(at / 1000, zone).isoformat(" ", "seconds")
