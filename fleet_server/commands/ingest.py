"""``hailong-fleet ingest``: takes what terminals send, stores it, and answers with receipts."""

import argparse

from fleet_server.commands import add_config
from fleet_server.settings import load


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    ingest = sub.add_parser("ingest", help="take records from the broker and answer with receipts")
    add_config(ingest)


def run(args: argparse.Namespace) -> int:
    """Run until a signal ends it."""
    from fleet_server.beforehand import only_one
    from fleet_server.ingest import run as run_ingest

    settings = load(args.config)
    # A second one would have the same name at the broker: each would push the other off.
    with only_one(settings.layout.directory / ".ingest.lock", "hailong-fleet ingest"):
        run_ingest(settings)
    return 0
