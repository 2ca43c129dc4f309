"""``hailong-fleet demo``: a whole fleet on this machine, with terminals and citizens."""

import argparse

from fleet_server.errors import UsageError


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = sub.add_parser(
        "demo",
        help="run a whole fleet on this machine, with terminals and citizens",
        description="Makes a fleet in a temporary folder, enrols six terminals, and lets a queue "
        "system and citizens go on until Ctrl-C. Ends with 1 if a rating was lost.",
    )
    parser.add_argument(
        "--seconds", type=_seconds, metavar="N", help="let citizens press so long, then count"
    )
    parser.add_argument("--keep", action="store_true", help="leave files and logs behind")
    parser.add_argument(
        "--district",
        action="store_true",
        help="show a quarter of a whole district instead; built once, which takes minutes, and "
        "then kept in the user's cache folder",
    )
    parser.add_argument(
        "--refresh", action="store_true", help="with --district: build it anew all the same"
    )


def run(args: argparse.Namespace) -> int:
    """Run the demo."""
    if args.refresh and not args.district:
        raise UsageError("--refresh belongs to --district; the small demo is always new")
    if args.district:
        from fleet_server.district import play

        return play.main(args.seconds, refresh=args.refresh)
    from fleet_server.demo.play import main

    return main(args.seconds, keep=args.keep)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"must be 1 to 86400 seconds, not {text!r}")
    return seconds
