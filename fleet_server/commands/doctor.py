"""``hailong-fleet doctor``: says in plain words what is wrong in an installation."""

import argparse

from fleet_server import clock
from fleet_server.commands import add_config
from provisioning.finding import report


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = sub.add_parser(
        "doctor",
        help="look at the whole installation, and say what is wrong and what to do",
        epilog="Changes nothing. Exit code 0: nothing is wrong. 1: something is.",
    )
    parser.add_argument("--json", action="store_true", help="for programs: a list of findings")
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Print each finding as it comes; 1 if anything is wrong."""
    from fleet_server.doctor.examine import examine

    return report(examine(args.config, clock.now_ms()), as_json=args.json)
