"""``hailong-fleet doctor``: says in plain words what is wrong in an installation."""

import argparse
import json
from dataclasses import asdict

from fleet_server import clock
from fleet_server.commands import add_config

_WORDS = {"good": "good ", "note": "note ", "wrong": "WRONG"}


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

    found = []
    for finding in examine(args.config, clock.now_ms()):
        found.append(finding)
        if not args.json:
            print(f"{_WORDS[finding.state]}  {finding.check}: {finding.said}")
            if finding.advice:
                print(f"       -> {finding.advice}")
    wrong = sum(finding.state == "wrong" for finding in found)
    if args.json:
        print(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))
    else:
        print(f"{wrong} things are wrong." if wrong else "Nothing is wrong.")
    return 1 if wrong else 0
