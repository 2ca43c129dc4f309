"""fleet.toml: read once at start, checked whole, then passed on as frozen dataclasses.

Paths in the file are relative to the file. Every error names the section and the key.
"""

import os
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fleet_server import addresses
from fleet_server.core.retention import KEPT_DAYS, LONGEST
from fleet_server.core.roles import ROLES
from fleet_server.core.webhooks import Network
from fleet_server.errors import UsageError
from provisioning.layout import FleetLayout

BrokerKind = Literal["nats", "mosquitto"]

ENVIRONMENT = "HAILONG_FLEET"
DEFAULT_FILE = Path("fleet.toml")
MAX_BYTES = 65_536


class SettingsError(UsageError):
    """The settings file is missing or wrong; the message names file and key."""


@dataclass(frozen=True, slots=True)
class FleetSection:
    """The fleet itself.

    Attributes:
        name: shown on pages.
        time_zone: IANA name; decides where a day begins.
        participation_target: share of served visits that must be rated, in per cent: the first
            version of the fleet's target. Later ones are set on the page of targets.
        satisfaction_target: share of ratings that must be satisfied or better, likewise.
    """

    name: str
    time_zone: str
    participation_target: int
    satisfaction_target: int

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class DatabaseSection:
    """Where the data is; paths in the address are absolute here, and no password is in it."""

    url: str


@dataclass(frozen=True, slots=True)
class WebSection:
    """Pages and REST: the address to listen on, and the address that people use."""

    host: str
    port: int
    url: str


@dataclass(frozen=True, slots=True)
class EstSection:
    """Enrolment: the address to listen on, and the address that terminals use."""

    host: str
    port: int
    url: str


@dataclass(frozen=True, slots=True)
class BrokerSection:
    """The MQTT broker.

    Attributes:
        kind: which broker the configuration is generated for.
        host: the name that terminals and ingest connect to; must be in the server certificate.
        port: the MQTT port with mutual TLS.
        listen: the address that the broker listens on.
        client_port: loopback port of NATS' own protocol, for the auth callout (NATS only).
    """

    kind: BrokerKind
    host: str
    port: int
    listen: str
    client_port: int


@dataclass(frozen=True, slots=True)
class ApiSection:
    """The REST interface; the section may be left out.

    Attributes:
        requests_per_minute: how often one key may ask.
        failures_per_minute: how often one address may ask without a valid key.
    """

    requests_per_minute: int
    failures_per_minute: int


@dataclass(frozen=True, slots=True)
class WebhooksSection:
    """Whom webhooks may call besides https addresses of the open Internet; may be left out.

    Attributes:
        networks: addresses inside that may be called, by http as well.
        hosts: names that may be called wherever they lead, by http as well.
    """

    networks: tuple[Network, ...]
    hosts: frozenset[str]


@dataclass(frozen=True, slots=True)
class SignInSection:
    """How people sign in; the section may be left out.

    Attributes:
        second_factor: roles that must have one; empty where there are no phones or keys.
        days: how many days somebody who must have one is given to set it up.
        idle_minutes: after so long without a click a session ends.
    """

    second_factor: tuple[str, ...] = ("administrator", "auditor")
    days: int = 7
    idle_minutes: int = 60


@dataclass(frozen=True, slots=True)
class OidcSection:
    """Single sign-on by OpenID Connect; off where the section is left out.

    Attributes:
        issuer: the provider's address, as it stands in its tokens.
        client_id: the name of this server there; its secret is in ``secrets/oidc.secret``.
        name: what the button on the sign-in page says.
        create: whether somebody whom nobody has invited becomes a person here, without a role.
        only_local: the one e-mail that may sign in by password; empty: everybody may.
    """

    issuer: str
    client_id: str
    name: str
    create: bool
    only_local: str


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a fleet."""

    path: Path
    fleet: FleetSection
    database: DatabaseSection
    web: WebSection
    est: EstSection
    broker: BrokerSection
    api: ApiSection
    webhooks: WebhooksSection
    retention: Mapping[str, int]
    """Days that each kind of `fleet_server.core.retention.KEPT_DAYS` is kept."""
    sign_in: SignInSection = SignInSection()
    oidc: OidcSection | None = None

    @property
    def layout(self) -> FleetLayout:
        """The paths of the fleet directory that the file lies in."""
        return FleetLayout(self.path.parent)


class _Section:
    """One table of the file, whose values are taken out one by one under a check."""

    def __init__(self, path: Path, name: str, table: Mapping[str, object]) -> None:
        self._path, self._name, self._rest = path, name, dict(table)

    def error(self, key: str, wrong: str) -> SettingsError:
        """Return an error that names the key."""
        return SettingsError(f"{self._path}: [{self._name}] {key} {wrong}")

    def _take(self, key: str, default: object = None) -> object:
        value = self._rest.pop(key, default)
        if value is None:
            raise self.error(key, "is missing; please set it")
        return value

    def has(self, key: str) -> bool:
        """Tell whether the key is there."""
        return key in self._rest

    def text(self, key: str, default: str | None = None) -> str:
        """Take a text of 1 to 255 printable characters."""
        value = self._take(key, default)
        if not isinstance(value, str):
            raise self.error(key, f"must be a text in quotes, not {value!r}")
        if not 0 < len(value) <= 255 or not value.isprintable():
            raise self.error(key, "must be 1 to 255 printable characters")
        return value

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Take a whole number between two bounds."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.error(key, f"must be a whole number from {low} to {high}, not {value!r}")
        return value

    def yes(self, key: str, default: bool) -> bool:
        """Take true or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.error(key, f"must be true or false, not {value!r}")
        return value

    def words(self, key: str, known: Collection[str], default: tuple[str, ...]) -> tuple[str, ...]:
        """Take a list of known words, which may be empty."""
        value = self._take(key, list(default))
        if not isinstance(value, list) or not all(one in known for one in value):
            raise self.error(key, f"must be a list of some of: {', '.join(known)}")
        return tuple(value)

    def port(self, key: str, default: int | None = None) -> int:
        """Take a TCP port."""
        return self.whole(key, 1, 65_535, default)

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts, by default none."""
        value = self._take(key, ())
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
            raise self.error(key, f"must be a list of texts in quotes, not {value!r}")
        return tuple(value)

    def url(self, key: str, *schemes: str) -> str:
        """Take an address of scheme, host and perhaps port and path, without a slash at the end."""
        value = self.text(key).rstrip("/")
        try:
            parts = urlsplit(value)
            usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable or not _PLAIN.fullmatch(value):
            raise self.error(key, f"must be an address such as {schemes[-1]}://host:port")
        return value

    def host(self, key: str, default: str | None = None) -> str:
        """Take a host name or an address."""
        value = self.text(key, default)
        if not _HOST.fullmatch(value):
            raise self.error(key, f"must be a host name or an address, not {value!r}")
        return value

    def done(self) -> None:
        """Refuse what nobody asked for, which is mostly a slip of the keyboard."""
        if self._rest:
            key = next(iter(self._rest))
            raise self.error(key, "is not a known key; please check its spelling")


def locate(explicit: Path | None) -> Path:
    """Return the settings file: ``--config``, else ``$HAILONG_FLEET``, else ./fleet.toml."""
    return explicit or Path(os.environ.get(ENVIRONMENT) or DEFAULT_FILE)


def load(path: Path | None = None) -> Settings:
    """Read and check the settings.

    Raises:
        SettingsError: with the file and the key in its message.
    """
    file = locate(path).absolute()
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise SettingsError(
            f"{file}: can't be read ({error.strerror}); give the right file with --config or "
            f"${ENVIRONMENT}, or make a fleet with: hailong-fleet init --dir DIR"
        ) from None
    return parse(data, file)


def parse(data: bytes, path: Path) -> Settings:
    """Check the bytes of a settings file that lies at ``path``.

    Raises:
        SettingsError: with the file and the key in its message.
    """
    if len(data) > MAX_BYTES:
        raise SettingsError(f"{path}: larger than {MAX_BYTES} bytes; this is not a settings file")
    try:
        document = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path}: not a TOML file: {error}") from None
    sections = {name: _section(document, path, name) for name in _SECTIONS}
    for name in document:
        if name not in _SECTIONS:
            raise SettingsError(f"{path}: [{name}] is not a known section")
    settings = Settings(
        path=path,
        fleet=_fleet(sections["fleet"]),
        database=_database(sections["database"], path),
        web=_web(sections["web"]),
        est=_est(sections["est"]),
        broker=_broker(sections["broker"]),
        api=ApiSection(
            sections["api"].whole("requests_per_minute", 1, 1_000_000, 1_200),
            sections["api"].whole("failures_per_minute", 1, 1_000_000, 30),
        ),
        webhooks=_webhooks(sections["webhooks"]),
        sign_in=_sign_in(sections["sign_in"]),
        oidc=_oidc(sections["oidc"]) if "oidc" in document else None,
        retention=_retention(sections["retention"]),
    )
    for section in sections.values():
        section.done()
    return settings


_OPTIONAL = ("api", "webhooks", "sign_in", "oidc", "retention")
_SECTIONS = ("fleet", "database", "web", "est", "broker", *_OPTIONAL)


def _section(document: Mapping[str, object], path: Path, name: str) -> _Section:
    table = document.get(name, {} if name in _OPTIONAL else None)
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: the section [{name}] is missing")
    return _Section(path, name, table)


def _fleet(section: _Section) -> FleetSection:
    zone = section.text("time_zone", "Asia/Ho_Chi_Minh")
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, KeyError):
        raise section.error("time_zone", "is not a time zone such as Asia/Ho_Chi_Minh") from None
    return FleetSection(
        name=section.text("name"),
        time_zone=zone,
        participation_target=section.whole("participation_target", 0, 100, 40),
        satisfaction_target=section.whole("satisfaction_target", 0, 100, 80),
    )


def _database(section: _Section, path: Path) -> DatabaseSection:
    url = section.text("url", "sqlite:fleet.db")
    passfile = FleetLayout(path.parent).database_passfile
    try:
        return DatabaseSection(url=addresses.absolute(url, path.parent, passfile))
    except addresses.AddressError as error:
        raise section.error("url", str(error)) from None


def _retention(section: _Section) -> Mapping[str, int]:
    return {name: section.whole(name, 1, LONGEST, default) for name, default in KEPT_DAYS.items()}


def _web(section: _Section) -> WebSection:
    return WebSection(
        host=section.host("host"),
        port=section.port("port"),
        url=section.url("url", "http", "https"),
    )


def _est(section: _Section) -> EstSection:
    url = section.url("url", "https")
    if "/" in url.removeprefix("https://"):
        raise section.error("url", "must have no path: terminals add /.well-known/est themselves")
    return EstSection(host=section.host("host"), port=section.port("port"), url=url)


def _broker(section: _Section) -> BrokerSection:
    kind = section.text("kind", "nats")
    if kind not in ("nats", "mosquitto"):
        raise section.error("kind", f'must be "nats" or "mosquitto", not "{kind}"')
    return BrokerSection(
        kind=cast(BrokerKind, kind),
        host=section.host("host"),
        port=section.port("port"),
        listen=section.host("listen", "127.0.0.1"),
        client_port=section.port("client_port", 4222),
    )


def _webhooks(section: _Section) -> WebhooksSection:
    networks: list[Network] = []
    hosts: set[str] = set()
    for text in section.texts("allow"):
        try:
            networks.append(ip_network(text))
        except ValueError:
            if "/" in text or not _HOST.fullmatch(text):
                raise section.error(
                    "allow", f'must hold networks such as "10.0.0.0/8" and host names, not {text!r}'
                ) from None
            hosts.add(text.lower())
    return WebhooksSection(tuple(networks), frozenset(hosts))


def _sign_in(section: _Section) -> SignInSection:
    usual = SignInSection()
    return SignInSection(
        second_factor=section.words("second_factor", ROLES, usual.second_factor),
        days=section.whole("days", 0, 90, usual.days),
        idle_minutes=section.whole("idle_minutes", 5, 720, usual.idle_minutes),
    )


def _oidc(section: _Section) -> OidcSection:
    return OidcSection(
        issuer=_issuer(section),
        client_id=section.text("client_id"),
        name=section.text("name", "OpenID Connect"),
        create=section.yes("create", False),
        only_local=section.text("only_local") if section.has("only_local") else "",
    )


def _issuer(section: _Section) -> str:
    """Take the issuer as it stands in tokens, where a slash at the end belongs to it."""
    value = section.text("issuer")
    parts = urlsplit(value)
    here = parts.hostname in ("127.0.0.1", "::1", "localhost")
    secure = parts.scheme == "https" or (parts.scheme == "http" and here)
    if not secure or not parts.hostname or parts.query or parts.fragment:
        raise section.error("issuer", "must be an address such as https://login.example.gov.vn")
    return value


_HOST = re.compile(r"[A-Za-z0-9.:-]{1,253}")
_PLAIN = re.compile(r"[A-Za-z0-9.:/\[\]_~%-]{1,255}")
