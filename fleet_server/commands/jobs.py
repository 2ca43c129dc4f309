"""``hailong-fleet jobs``: delivers events to webhooks."""

import argparse

from fleet_server.commands import add_config
from fleet_server.settings import load


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    jobs = sub.add_parser("jobs", help="deliver events to webhooks")
    add_config(jobs)


def run(args: argparse.Namespace) -> int:
    """Run until a signal ends it."""
    from fleet_server.jobs import run as run_jobs

    run_jobs(load(args.config))
    return 0
