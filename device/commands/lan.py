"""``hailong-terminal lan init``: make what the endpoint on the local network needs."""

import argparse
from typing import Any

from device.commands import add_config


def add_parser(sub: Any) -> None:
    """Declare the command and its action."""
    parser: argparse.ArgumentParser = sub.add_parser(
        "lan",
        help="prepare the endpoint for the site's own queue system",
        description="The endpoint takes tickets over the local network while the server is out "
        "of reach; the table [lan] of terminal.toml turns it on.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    init = actions.add_parser(
        "init",
        help="make its key, certificate and token",
        description="Makes the files that [lan] names, and says how to call the terminal. What "
        "is there is never overwritten; run it as the user that the terminal runs as.",
    )
    add_config(init)
    init.add_argument(
        "--host",
        action="append",
        required=True,
        metavar="NAME",
        help="name or address by which the queue system reaches this terminal; may be repeated",
    )


def run(args: argparse.Namespace) -> int:
    """Make the files, and print the certificate's fingerprint and an example."""
    from device.settings import load
    from device.tickets.lan.handler import TICKETS
    from device.tickets.lan.make import fingerprint, make, unnamed

    lan = load(args.config).lan
    made = make(lan, args.host)
    print("made:" if made else "these are there already, and were left alone:")
    for path in (lan.key, lan.certificate, lan.token_file):
        print(f"  {path}")
    print(f"SHA-256 of the certificate: {fingerprint(lan)}")
    for host in unnamed(lan, args.host):
        print(f"{host} is not named by this certificate; move the files away and run this again")
    if not lan.listen:
        print('To turn the endpoint on, put this into terminal.toml:\n[lan]\nlisten = "0.0.0.0"')
    print(
        "Give the queue system the certificate and the token. It calls like this:\n"
        f'curl --cacert {lan.certificate} -H "Authorization: Bearer $(cat {lan.token_file})" \\\n'
        '  -H "Content-Type: application/json" -d \'{"ticket": "A017", "event": "called"}\' \\\n'
        f"  https://{args.host[0]}:{lan.port}{TICKETS}"
    )
    return 0
