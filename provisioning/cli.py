"""``hailong-provision``: the certificates and files of a fleet, one step at a time.

``hailong-fleet init`` does all of it at once. This tool is for a CA on a machine of its own, for
renewals, and for changes.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

from provisioning import clock
from provisioning.broker import write as broker
from provisioning.broker.nats import Addresses
from provisioning.broker.rules import INGEST
from provisioning.enrol import files as enrolment_files
from provisioning.enrol import tokens
from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import authority, crl, keylist
from wire import ids
from wire.down import Use
from wire.errors import WireError

_ABOUT = """\
A fleet directory holds pki/ (who is who), keys/ (what the server signs with), broker/ (the
broker's configuration) and enrolment/ (files for terminals).

  fleet root     pki/root.key      signs the issuing CA; keep it offline
  issuing CA     pki/issuing.key   signs server and terminals; only the EST process reads it
  fleet key      pki/fleet.key     signs the key list; keep it offline
  receipt key    keys/receipt.key  signs receipts             } both named in
  control key    keys/control.key  signs tickets and commands } keys/keylist.jws
"""

_CA = """\
Makes fleet root and issuing CA, their revocation lists, the fleet key, receipt key and control
key, and the signed key list. Nothing that exists is overwritten.

Then: hailong-provision server-cert --dir DIR --name HOST
"""
_SERVER = """\
Makes a new key and certificate, valid for 825 days, for broker and EST, and a new client
certificate for ingest, valid for two years. Give every name and address by which terminals and
the server's own processes reach them. Afterwards restart broker, EST and ingest.
"""
_BROKER = """\
Writes broker/nats.conf and broker/mosquitto.conf with its rules, from one list of rules. Paths
in them are absolute: write them again when the directory has moved.
"""
_CRL = """\
Signs the list of revoked certificates anew, for 30 days, and adds all certificates of the
terminals named. Do it daily. Mosquitto must then be told: systemctl reload mosquitto.
"""
_KEYS = """\
Signs the key list again, numbered above the last one; with --replace after making a new receipt
key or control key, which ends the old one. Needs pki/fleet.key. Afterwards restart ingest.
"""
_ENROLMENT = """\
Makes an enrolment file away from the server. The server knows nothing of it until its token is
registered there; the command for that is printed.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0 done, 1 failed, 2 asked wrongly."""
    args = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace, FleetLayout, datetime], None] = args.run
    try:
        run(args, FleetLayout(args.dir.absolute()), clock.now())
    except ProvisioningError as error:
        return _complain(str(error), 1)
    except WireError as error:
        return _complain(str(error), 2)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _complain(f"{where}{error.strerror or error}", 1)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hailong-provision",
        description="Certificates, broker configuration and enrolment files of a fleet.",
        epilog=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    sub = parser.add_subparsers(required=True, metavar="COMMAND")
    ca = sub.add_parser("ca", help="the fleet's certificate authorities")
    actions = ca.add_subparsers(required=True, metavar="ACTION")
    init = _command(actions, "init", "make root, issuing CA, keys and key list", _CA, _ca_init)
    init.add_argument("--fleet", default="Hailong", help="the fleet's name, in the root's subject")
    server = _command(sub, "server-cert", "certificates of the server", _SERVER, _server_cert)
    server.add_argument("--name", action="append", required=True, help="host name or address")
    conf = _command(sub, "broker-config", "configuration of the broker", _BROKER, _broker_config)
    conf.add_argument("--listen", default="127.0.0.1", help="address to listen on")
    conf.add_argument("--port", type=_port, default=8883, help="MQTT with mutual TLS")
    conf.add_argument("--client-port", type=_port, default=4222, help="NATS' own, on loopback")
    crl_ = _command(sub, "crl", "renew the revocation list", _CRL, _crl)
    crl_.add_argument("--revoke", action="append", default=[], metavar="TERMINAL")
    key_list = _command(sub, "key-list", "sign the key list again", _KEYS, _key_list)
    key_list.add_argument("--replace", choices=get_args(Use), help="make a new key for this use")
    _enrolment_arguments(
        _command(sub, "enrolment", "an enrolment file for a terminal", _ENROLMENT, _enrolment)
    )
    return parser


def _command(
    sub: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    help_line: str,
    teaching: str,
    run: Callable[[argparse.Namespace, FleetLayout, datetime], None],
) -> argparse.ArgumentParser:
    parser = sub.add_parser(
        name,
        help=help_line,
        description=teaching,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--dir", type=Path, required=True, help="the fleet directory")
    parser.set_defaults(run=run)
    return parser


def _enrolment_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--terminal", required=True, metavar="t-…", help="name of the terminal")
    parser.add_argument("--counter", required=True, metavar="CODE", help="where it stands")
    parser.add_argument("--counter-name", required=True, help="as people read it")
    parser.add_argument("--est-url", required=True, metavar="https://HOST:PORT")
    parser.add_argument("--mqtt-host", required=True)
    parser.add_argument("--mqtt-port", type=_port, default=8883)
    parser.add_argument("--valid-days", type=_days, default=14, help="life of the token")


def _ca_init(args: argparse.Namespace, layout: FleetLayout, now: datetime) -> None:
    authority.create(layout, args.fleet, now)
    keylist.create(layout, now)
    print(layout.root_certificate)


def _server_cert(args: argparse.Namespace, layout: FleetLayout, now: datetime) -> None:
    issuing = authority.load_issuing(layout)
    authority.write_server(layout, issuing, args.name, now)
    authority.write_service(layout, issuing, INGEST, now)
    print(layout.server_certificate)


def _broker_config(args: argparse.Namespace, layout: FleetLayout, _now: datetime) -> None:
    broker.write(layout, Addresses(args.listen, args.port, args.client_port))
    print(layout.nats_config)
    print(layout.mosquitto_config)


def _crl(args: argparse.Namespace, layout: FleetLayout, now: datetime) -> None:
    names = [ids.check_terminal_id(name) for name in args.revoke]
    issuing = authority.load_issuing(layout)
    for name in names:
        print(f"{name}: {authority.revoke(layout, issuing, name, now)} certificates")
    if not names:
        crl.renew(layout, issuing, now)
    print(layout.crl_chain)


def _key_list(args: argparse.Namespace, layout: FleetLayout, now: datetime) -> None:
    if args.replace:
        keylist.replace(layout, args.replace, now)
    else:
        keylist.sign(layout, now)
    print(layout.key_list)


def _enrolment(args: argparse.Namespace, layout: FleetLayout, now: datetime) -> None:
    token = tokens.new_token()
    invitation = enrolment_files.Invitation(
        terminal=ids.check_terminal_id(args.terminal),
        counter=ids.check_counter_code(args.counter),
        counter_name=args.counter_name,
        token=token,
        expires=int((now + timedelta(days=args.valid_days)).timestamp() * 1000),
    )
    server = enrolment_files.Server(args.est_url, args.mqtt_host, args.mqtt_port)
    print(enrolment_files.write(layout, invitation, server))
    print(
        f"On the server: hailong-fleet terminal add --id {args.terminal} --counter {args.counter}"
        f" --valid-days {args.valid_days} --token-sha256 {tokens.digest(token)}",
        file=sys.stderr,
    )


def _port(text: str) -> int:
    return _between(text, 1, 65_535)


def _days(text: str) -> int:
    return _between(text, 1, 365)


def _between(text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise argparse.ArgumentTypeError(f"must be a whole number from {low} to {high}")
    return int(text)


def _complain(message: str, code: int) -> int:
    print(f"hailong-provision: {message}", file=sys.stderr)
    return code
