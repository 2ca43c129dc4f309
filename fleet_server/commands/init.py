"""``hailong-fleet init``: make a whole fleet directory."""

import argparse
import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING

from fleet_server import clock
from fleet_server.core.retention import KEPT_DAYS, LONGEST
from fleet_server.core.tokens import GOOD_FOR_DAYS
from fleet_server.errors import FleetError, UsageError
from fleet_server.settings import Settings, SettingsError, parse
from provisioning.layout import FleetLayout

if TYPE_CHECKING:
    from fleet_server.found import Authorities

_EPILOG = """\
Makes DIR with fleet.toml, the fleet's certificate authorities and keys, the configuration of both
brokers, and the tables of its database. DIR must be empty or not be there.

The issuing CA's key lies there without passphrase, mode 0600: enrolment signs while nobody is
there. Afterwards give pki/root.key, pki/fleet.key and pki/update.key a passphrase
(hailong-provision ca passphrase) and move them to a place without network; the running fleet does
not read them, and who gets hold of update.key brings terminals other software. With --ca they never
were here: see "The ceremony" in provisioning/README.md. Then add units, counters and terminals:
  hailong-fleet --help
"""

_KEPT = {
    "dossiers": "which dossier a visit was about: the only personal thing of citizens",
    "samples": "raw input that nobody vouches for",
    "requests": "idempotency keys of programs, with what they were answered",
    "tokens": "tokens of enrolment that are used or have expired",
    "commands": "commands for terminals, once answered or expired",
    "matters": "matters, once somebody closed them",
    "statuses": "the last word of terminals that were retired",
    "sessions": "who was signed in, with address and browser",
    "links": "one-time links for passwords, used or expired",
    "drafts": "lists that somebody sent and did not confirm",
    "deliveries": "events for webhooks, and what became of them",
    "history": "how terminals were: health, events, silences of the server itself",
    "tallies": "what the rules against cheating counted by day",
    "contacts": "that there was contact data; the data itself goes at its own end",
    "alarms": "alarms that are over, with who acknowledged them",
    "letters": "mails and messages that were sent or given up",
    "reports": "reports that were made and kept; they can be made again",
}
"""What each kind of `fleet_server.core.retention.KEPT_DAYS` is, for whoever reads the file."""


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = sub.add_parser(
        "init",
        help="make a fleet directory",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--dir", type=Path, required=True, metavar="DIR", help="where to make it")
    add("--name", default="Hailong", help="the fleet's name, shown on pages")
    add(
        "--host",
        default="localhost",
        help="name of this server as terminals reach it (default: %(default)s)",
    )
    add("--also", action="append", default=[], metavar="NAME", help="further names of the server")
    add(
        "--listen",
        default="127.0.0.1",
        help="address for broker and EST to listen on, 0.0.0.0 for all "
        "(default: %(default)s, which only this machine reaches)",
    )
    add(
        "--time-zone",
        default="Asia/Ho_Chi_Minh",
        help="decides where a day begins (default: %(default)s)",
    )
    add("--broker", default="nats", choices=("nats", "mosquitto"), help="default: %(default)s")
    add(
        "--database",
        default="sqlite:fleet.db",
        metavar="URL",
        help="where the data is (default: %(default)s, a file in DIR), or an empty PostgreSQL "
        "database: postgresql://user@host/name?sslmode=verify-full; no password here",
    )
    add(
        "--database-passfile",
        type=Path,
        metavar="FILE",
        help="the password of that database as *:*:*:*:PASSWORD, copied into DIR (mode 0600)",
    )
    add(
        "--ca",
        type=Path,
        metavar="FILE",
        help="take the authorities that hailong-provision ca export --server wrote, "
        "instead of making new ones here",
    )
    add(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help="holds the passphrase of that file, one line (default: ask)",
    )
    add("--web-port", type=int, default=8080, help="of pages and REST (default: %(default)s)")
    add("--est-port", type=int, default=8443, help="of enrolment (default: %(default)s)")
    add("--mqtt-port", type=int, default=8883, help="of the broker (default: %(default)s)")
    add(
        "--client-port",
        type=int,
        default=4222,
        help="loopback port of NATS' own protocol (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Make the directory, or refuse because there is something already."""
    from fleet_server.found import found

    layout = FleetLayout(args.dir.absolute())
    if layout.config.exists():
        raise FleetError(f"{layout.config} exists already; this fleet has been made before")
    if layout.directory.exists() and any(layout.directory.iterdir()):
        raise FleetError(f"{layout.directory} is not empty; please give a new directory")
    text = settings_text(args)
    try:
        settings = parse(text.encode(), layout.config)
    except SettingsError as error:
        raise UsageError(f"these settings don't work: {error}") from None
    passfile = _read_passfile(args.database_passfile)
    names = _server_names(args, settings)
    found(settings, text, names, clock.now(), passfile, _authorities(args))
    print(layout.config)
    return 0


def _authorities(args: argparse.Namespace) -> "Authorities | None":
    from provisioning.passphrases import Passphrases
    from provisioning.pki import sets, taking

    if args.ca is None:
        return None
    content, asked = sets.read(args.ca), Passphrases(args.passphrase_file)
    return lambda layout, now: taking.begin(layout, content, lambda: asked.of_key(args.ca), now)


def settings_text(args: argparse.Namespace) -> str:
    """Return the text of fleet.toml for these arguments."""
    retention = "\n".join(
        f"{f'{name} = {days}':<20} # {_KEPT[name]}" for name, days in KEPT_DAYS.items()
    )
    host = f"[{args.host}]" if _is_v6(args.host) else args.host
    return f"""\
# Settings of this fleet. Paths are relative to this file.
[fleet]
name = {quoted(args.name)}
time_zone = {quoted(args.time_zone)}
# Per cent of served visits that must be rated, and of ratings that must be satisfied or better:
# what the fleet begins with. Later targets are set on the pages, each from its day on.
participation_target = 40
satisfaction_target = 80

[database]
# sqlite:FILE or postgresql://user@host/name; the password lies in database.pgpass.
url = {quoted(args.database)}

[web]
# Pages and REST listen here, behind a proxy that does TLS; url is what people type.
host = "127.0.0.1"
port = {args.web_port}
url = "http://127.0.0.1:{args.web_port}"
# How many proxies in a row stand before the pages, so that who asks is known by X-Forwarded-For
# and -Proto, which the proxy must set; the host is then the one of url. With 0 those headers are
# ignored; behind a proxy everybody then has one address, and who guesses passwords locks all others
# out.
trusted_proxies = 0

[est]
# Enrolment of terminals, on a TLS port of its own.
host = {quoted(args.listen)}
port = {args.est_port}
url = {quoted(f"https://{host}:{args.est_port}")}

[broker]
# "nats" or "mosquitto"; host is the name that terminals connect to.
kind = {quoted(args.broker)}
host = {quoted(args.host)}
port = {args.mqtt_port}
listen = {quoted(args.listen)}
# Loopback port of NATS' own protocol, for hailong-fleet broker-auth.
client_port = {args.client_port}
# The broker is a NATS cluster of three (hailong-provision broker-config --help), whose nodes run by
# themselves: host is then the one name that has the addresses of all, and client_port is theirs.
# cluster = true

[sign_in]
# Roles that must set up a second factor within some days: an authenticator app or a passkey.
# An office without phones or keys writes an empty list: second_factor = []
second_factor = ["administrator", "auditor"]
days = 7
# A session ends after so many minutes without a click.
idle_minutes = 60

[qr]
# How many days after its own a ticket may be rated by the QR that the queue system prints on it
# from the answers of the REST interface; 0: not at all.
days = {GOOD_FOR_DAYS}

# Units whose figures are public are switched on the pages. With a licence there is open data too.
# [public]
# licence = "CC BY 4.0"

# Single sign-on by OpenID Connect; its secret belongs in secrets/oidc.secret. The provider must
# send auth_time, so that who does something dangerous can confirm that it is them.
# [oidc]
# issuer = "https://login.example.gov.vn"
# client_id = "hailong"
# What the button on the sign-in page says.
# name = "Single sign-on"
# Whether somebody whom nobody has invited becomes a person here, without a role.
# create = false
# The one e-mail that may sign in here by password or passkey; left out, everybody may.
# only_local = "admin@example.gov.vn"

# The REST interface: how often a key may ask in a minute, and an address without a valid key.
# [api]
# requests_per_minute = 1200
# failures_per_minute = 30

# Webhooks may call https addresses of the open Internet; whom else, also by http, stands here:
# networks, and names wherever they lead.
# [webhooks]
# allow = ["10.0.0.0/8", "queue.example.gov.vn"]

# Citizens who agree to be asked how it was: contact data is erased after so many days, or before.
# [interviews]
# contact_days = 60
# Each week some of those who were served in the last four weeks are drawn: weekday 1 is Monday, and
# hour when the list is sealed. A witness is a public value that nobody knows by then; somebody
# enters it, and whoever runs the server can't choose the draw by choosing the moment. Its form says
# how its word is written, so that nobody tries words: 9 is a digit, A a capital letter.
# weekday = 1
# hour = 8
# wanted = 7
# witness = "special prize of the lottery of Ho Chi Minh City, Monday evening"
# witness_form = "999999"

# The mail server that alarms go out by; its password belongs in posting/mail.password. Try it with:
# hailong-fleet mail test ADDRESS
# [mail]
# host = "mail.example.gov.vn"
# "starttls" (port 587), "tls" (port 465), or "none" (port 25) for a server on this machine.
# security = "starttls"
# port = 587
# user = "hailong"
# sender = "hailong@example.gov.vn"

[retention]
# Days that erasable things are kept, 1 to {LONGEST}. Signed records are never erased.
{retention}
"""


def quoted(text: str) -> str:
    """Return a text as a TOML basic string."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in plain) + '"'


def _read_passfile(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"--database-passfile {path}: can't be read ({error.strerror})") from None


def _server_names(args: argparse.Namespace, settings: Settings) -> list[str]:
    # The loopback names are for the processes on this machine.
    return [settings.broker.host, *args.also, "localhost", "127.0.0.1", "::1"]


def _is_v6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False
