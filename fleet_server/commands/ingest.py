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
    from fleet_server.ingest import run as run_ingest

    run_ingest(load(args.config))
    return 0
