"""``hailong-terminal check``: does the network lead to the fleet, and what is to be done if not?"""

import argparse
from typing import TYPE_CHECKING, Any

from device.commands import add_config

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.core.network import Finding

_EPILOG = """\
Steps: cable or Wi-Fi, address, name of the server, secure connection, enrolment server, message
broker, receipts. The first fault counts; what cannot work because of it is skipped. Nothing is
changed, and it may run while the terminal takes ratings. Exit code 1 if a step is not good.
"""

_SIGNS = {"good": "good   ", "bad": "WRONG  ", "skipped": "skipped"}


def add_parser(sub: Any) -> None:
    """Declare the command."""
    parser: argparse.ArgumentParser = sub.add_parser(
        "check",
        help="look, step by step, whether the network leads to the fleet",
        description="Tries the way from this terminal to its fleet and says of each fault what to "
        "do about it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_config(parser)
    parser.add_argument(
        "--language", default="en", metavar="CODE", help="of the answer: en (default) or vi"
    )


def run(args: argparse.Namespace) -> int:
    """Try each step and print what became of it."""
    from device.clock import SystemClock
    from device.core.network import complete, is_good
    from device.journal.opening import passed_ms
    from device.link.standing import is_connected
    from device.network.check import Check
    from device.network.receipts import sent_of
    from device.network.target import target_of
    from device.screen.catalogues import translation
    from device.settings import load

    settings = load(args.config)
    data = settings.terminal.data
    words = translation(args.language)
    clock = SystemClock(passed_ms(data), trusted=settings.terminal.clock == "host")
    target = target_of(data, settings.uplink.enrolment)
    sent = sent_of(data, target.terminal, target.fleet_key_x, clock.wall_ms())
    known = clock.quality() != "unset"
    found: list[Finding] = []
    for each in Check(target, sent, check_time=known, connected=is_connected(data)).steps():
        found.append(each)
        if each.state != "skipped":
            _print(each, words.gettext)
    for each in complete(found):
        if each.state == "skipped":
            _print(each, words.gettext)
    return 0 if is_good(found) else 1


def _print(found: "Finding", say: "Callable[[str], str]") -> None:
    from device.screen.texts import NETWORK_ADVICE, NETWORK_STEPS

    detail = f" ({found.detail})" if found.detail else ""
    print(f"{_SIGNS[found.state]} {say(NETWORK_STEPS[found.step])}{detail}", flush=True)
    if found.why is not None:
        print(f"        -> {say(NETWORK_ADVICE[found.why])}", flush=True)
