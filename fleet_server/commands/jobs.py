"""``hailong-fleet jobs``: goes its rounds, and sends what is to be sent."""

import argparse

from fleet_server.commands import add_config
from fleet_server.settings import load


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    jobs = sub.add_parser("jobs", help="raise alarms, open cases, send mails and events")
    add_config(jobs)


def run(args: argparse.Namespace) -> int:
    """Run until a signal ends it."""
    from fleet_server.jobs import run as run_jobs

    run_jobs(load(args.config))
    return 0
