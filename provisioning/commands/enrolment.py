"""``hailong-provision enrolment``: an enrolment file, made away from the server."""

import argparse
import sys
from datetime import timedelta
from typing import Any

from provisioning import clock
from provisioning.commands import add_dir, command, days, layout, port

_TEACHING = """\
Makes an enrolment file away from the server. The server knows nothing of it until its token is
registered there; the command for that is printed.
"""


def add_parser(sub: Any) -> None:
    """Declare the command."""
    parser = command(sub, "enrolment", "an enrolment file for a terminal", _TEACHING)
    add_dir(parser)
    parser.add_argument("--terminal", required=True, metavar="t-…", help="name of the terminal")
    parser.add_argument("--counter", required=True, metavar="CODE", help="where it stands")
    parser.add_argument("--counter-name", required=True, help="as people read it")
    parser.add_argument("--est-url", required=True, metavar="https://HOST:PORT")
    parser.add_argument("--mqtt-host", required=True)
    parser.add_argument("--mqtt-port", type=port, default=8883)
    parser.add_argument("--valid-days", type=days, default=14, help="life of the token")


def run(args: argparse.Namespace) -> int:
    """Write the file; print where it is, and how the server learns of it."""
    from provisioning.enrol import files, tokens
    from wire import ids

    token = tokens.new_token()
    invitation = files.Invitation(
        terminal=ids.check_terminal_id(args.terminal),
        counter=ids.check_counter_code(args.counter),
        counter_name=args.counter_name,
        token=token,
        expires=int((clock.now() + timedelta(days=args.valid_days)).timestamp() * 1000),
    )
    server = files.Server(args.est_url, args.mqtt_host, args.mqtt_port)
    print(files.write(layout(args), invitation, server))
    print(
        f"On the server: hailong-fleet terminal add --id {args.terminal} --counter {args.counter}"
        f" --valid-days {args.valid_days} --token-sha256 {tokens.digest(token)}",
        file=sys.stderr,
    )
    return 0
