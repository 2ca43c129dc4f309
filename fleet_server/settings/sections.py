"""What each section of the settings file says, as frozen dataclasses."""

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from fleet_server.core.contacts import KEPT_DAYS
from fleet_server.core.tokens import GOOD_FOR_DAYS
from fleet_server.core.webhooks import Network

BrokerKind = Literal["nats", "mosquitto"]
MailSecurity = Literal["starttls", "tls", "none"]


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
    """Pages and REST.

    Attributes:
        host: the address to listen on.
        port: the port to listen on.
        url: the address that people use.
        trusted_proxies: how many proxies in a row stand before the pages and say who asks; 0 where
            there is none, and what such headers say is not believed.
    """

    host: str
    port: int
    url: str
    trusted_proxies: int


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
        client_port: port of NATS' own protocol, for the auth callout (NATS only): on loopback, and
            by TLS at ``host`` where the broker is a cluster.
        cluster: whether the broker is a NATS cluster, whose nodes run by themselves; ``host`` has
            the addresses of all of them.
    """

    kind: BrokerKind
    host: str
    port: int
    listen: str
    client_port: int
    cluster: bool = False


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
class MailSection:
    """The mail server that alarms go out by; there are no mails where the section is left out.

    Attributes:
        host, port: where it listens.
        security: *starttls*: encrypted after the greeting, *tls*: from the first byte, *none*.
        user: who signs in there, with ``posting/mail.password``; empty: nobody does.
        sender: the address that mails come from.
    """

    host: str
    port: int
    security: MailSecurity
    user: str
    sender: str


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
class InterviewsSection:
    """Interviews of citizens; the section may be left out.

    Attributes:
        contact_days: how long contact data is kept, from the day on which it was taken.
        weekday: on which day of the week the draw is, 1 for Monday.
        hour: from which full hour on, 0 to 23.
        wanted: how many citizens are drawn each week.
        witness: which public value, known only later, the draw takes in, and how it is written
            (`fleet_server.core.draw_witness.named`); empty: none.
    """

    contact_days: int = KEPT_DAYS
    weekday: int = 1
    hour: int = 8
    wanted: int = 7
    witness: str = ""


@dataclass(frozen=True, slots=True)
class QrSection:
    """Rating a ticket later, by the QR that is printed on it; the section may be left out.

    Attributes:
        days: how many days after its own a ticket may be rated; 0: not at all.
    """

    days: int = GOOD_FOR_DAYS


@dataclass(frozen=True, slots=True)
class PublicSection:
    """What everybody may see; the section may be left out.

    Attributes:
        licence: of the open data, as its users are told; empty: there is none.
    """

    licence: str = ""


@dataclass(frozen=True, slots=True)
class OidcSection:
    """Single sign-on by OpenID Connect; off where the section is left out.

    Attributes:
        issuer: the provider's address, as it stands in its tokens.
        client_id: the name of this server there; its secret is in ``secrets/oidc.secret``.
        name: what the button on the sign-in page says.
        create: whether somebody whom nobody has invited becomes a person here, without a role.
        only_local: the one e-mail that may sign in by password or passkey; empty: everybody may.
    """

    issuer: str
    client_id: str
    name: str
    create: bool
    only_local: str
