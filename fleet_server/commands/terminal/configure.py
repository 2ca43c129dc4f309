"""``hailong-fleet terminal configure``: what a terminal asks, shows and says, set from afar."""

import argparse
import sys
from pathlib import Path
from typing import Any

from fleet_server import clock, policy
from fleet_server.commands import actor, add_config
from fleet_server.errors import UsageError
from fleet_server.settings import Settings


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = actions.add_parser(
        "configure",
        help="set a terminal's policy: questions, items, texts, hours",
        description="The file has the tables tickets, asking, look, texts and hours of "
        "terminal.toml (device/README.md). A whole key replaces the terminal's own. The terminal "
        "checks it, and answers whether it applied it or why not: see terminal show.",
    )
    parser.add_argument("id", metavar="ID", help="name of the terminal")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--file", type=Path, metavar="TOML", help="the tables to set")
    what.add_argument("--clear", action="store_true", help="back to the terminal's own tables")
    what.add_argument("--show", action="store_true", help="print what is set, as such a file")
    add_config(parser)


def run(args: argparse.Namespace, _settings: Settings, terminal: str) -> int:
    """Set, clear or show a terminal's configuration."""
    from fleet_server.store import downlink, enrolment, policies

    enrolment.check_in_use(terminal)
    if args.show:
        held = downlink.configuration(terminal)
        print(policy.dump(held.settings if held else {}), end="")
        return 0
    settings = {} if args.clear else load_tables(args.file)
    version = policies.configure(terminal, settings, clock.now_ms(), actor=actor())
    print(
        f"{terminal}: version {version} is sent as soon as ingest and the terminal are connected;"
        f" its answer: hailong-fleet terminal show {terminal}",
        file=sys.stderr,
    )
    return 0


def load_tables(path: Path) -> dict[str, Any]:
    """Return the tables of a file, as far as the server can judge them.

    Raises:
        UsageError: they are none.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(policy.MAX_BYTES + 1)
    try:
        return policy.read(data)
    except policy.PolicyError as error:
        raise UsageError(f"{path}: {error}") from None
