"""From the tables of the settings file to its sections; every error names section and key."""

import re
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fleet_server import addresses
from fleet_server.core import draw_witness
from fleet_server.core.contacts import MOST_DAYS
from fleet_server.core.draw import LEAST_WANTED, MOST_WANTED
from fleet_server.core.retention import KEPT_DAYS, LONGEST
from fleet_server.core.roles import ROLES
from fleet_server.core.webhooks import Network
from fleet_server.settings.section import HOST, Section
from fleet_server.settings.sections import (
    ApiSection,
    BrokerKind,
    BrokerSection,
    DatabaseSection,
    EstSection,
    FleetSection,
    InterviewsSection,
    MailSection,
    MailSecurity,
    OidcSection,
    PublicSection,
    QrSection,
    SignInSection,
    WebhooksSection,
    WebSection,
)
from provisioning.layout import FleetLayout


def fleet(section: Section) -> FleetSection:
    """Read the section on the fleet itself."""
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


def database(section: Section, path: Path) -> DatabaseSection:
    """Read the section on the database; ``path`` is the file's."""
    url = section.text("url", "sqlite:fleet.db")
    passfile = FleetLayout(path.parent).database_passfile
    try:
        return DatabaseSection(url=addresses.absolute(url, path.parent, passfile))
    except addresses.AddressError as error:
        raise section.error("url", str(error)) from None


def retention(section: Section) -> Mapping[str, int]:
    """Read the section on how long erasable things are kept, in days."""
    return {name: section.whole(name, 1, LONGEST, default) for name, default in KEPT_DAYS.items()}


def web(section: Section) -> WebSection:
    """Read the section on pages and REST."""
    return WebSection(
        host=section.host("host"),
        port=section.port("port"),
        url=section.url("url", "http", "https"),
        trusted_proxies=section.whole("trusted_proxies", 0, 9, 0),
    )


def est(section: Section) -> EstSection:
    """Read the section on enrolment."""
    url = section.url("url", "https")
    if "/" in url.removeprefix("https://"):
        raise section.error("url", "must have no path: terminals add /.well-known/est themselves")
    return EstSection(host=section.host("host"), port=section.port("port"), url=url)


def broker(section: Section) -> BrokerSection:
    """Read the section on the broker."""
    kind = section.text("kind", "nats")
    if kind not in ("nats", "mosquitto"):
        raise section.error("kind", f'must be "nats" or "mosquitto", not "{kind}"')
    cluster = section.yes("cluster", False)
    if cluster and kind != "nats":
        raise section.error("cluster", "can only be true where kind is nats")
    return BrokerSection(
        kind=cast(BrokerKind, kind),
        host=section.host("host"),
        port=section.port("port"),
        listen=section.host("listen", "127.0.0.1"),
        client_port=section.port("client_port", 4222),
        cluster=cluster,
    )


def webhooks(section: Section) -> WebhooksSection:
    """Read the section on whom webhooks may call."""
    networks: list[Network] = []
    hosts: set[str] = set()
    for text in section.texts("allow"):
        try:
            networks.append(ip_network(text))
        except ValueError:
            if "/" in text or not HOST.fullmatch(text):
                raise section.error(
                    "allow", f'must hold networks such as "10.0.0.0/8" and host names, not {text!r}'
                ) from None
            hosts.add(text.lower())
    return WebhooksSection(tuple(networks), frozenset(hosts))


_MAIL_PORTS: Mapping[MailSecurity, int] = {"starttls": 587, "tls": 465, "none": 25}
_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


def mail(section: Section) -> MailSection:
    """Read the section on the mail server."""
    security = section.text("security", "starttls")
    if security not in _MAIL_PORTS:
        raise section.error("security", f'must be "starttls", "tls" or "none", not "{security}"')
    kind = cast(MailSecurity, security)
    user = section.text("user") if section.has("user") else ""
    if user and kind == "none":
        raise section.error("user", "would send the password in clear; set security to starttls")
    sender = section.text("sender")
    if not _ADDRESS.fullmatch(sender):
        raise section.error("sender", "must be an address such as hailong@example.gov.vn")
    port = section.port("port", _MAIL_PORTS[kind])
    return MailSection(section.host("host"), port, kind, user, sender)


def sign_in(section: Section) -> SignInSection:
    """Read the section on signing in."""
    usual = SignInSection()
    return SignInSection(
        second_factor=section.words("second_factor", ROLES, usual.second_factor),
        days=section.whole("days", 0, 90, usual.days),
        idle_minutes=section.whole("idle_minutes", 5, 720, usual.idle_minutes),
    )


def interviews(section: Section) -> InterviewsSection:
    """Read the section on interviews of citizens."""
    usual = InterviewsSection()
    return InterviewsSection(
        contact_days=section.whole("contact_days", 1, MOST_DAYS, usual.contact_days),
        weekday=section.whole("weekday", 1, 7, usual.weekday),
        hour=section.whole("hour", 0, 23, usual.hour),
        wanted=section.whole("wanted", LEAST_WANTED, MOST_WANTED, usual.wanted),
        witness=_witness(section),
    )


def _witness(section: Section) -> str:
    if not section.has("witness"):
        if section.has("witness_form"):
            raise section.error(
                "witness_form", "says how a witness is written: name one as witness"
            )
        return InterviewsSection().witness
    if not section.has("witness_form"):
        raise section.error(
            "witness_form", 'is missing: how the word of the witness is written, such as "999999"'
        )
    try:
        return draw_witness.named(section.text("witness"), section.text("witness_form"))
    except ValueError as error:
        raise section.error("witness_form", str(error)) from None


def qr(section: Section) -> QrSection:
    """Read the section on rating tickets later."""
    return QrSection(section.whole("days", 0, 90, QrSection().days))


def public(section: Section) -> PublicSection:
    """Read the section on what everybody may see."""
    return PublicSection(section.text("licence") if section.has("licence") else "")


def oidc(section: Section) -> OidcSection:
    """Read the section on single sign-on."""
    return OidcSection(
        issuer=_issuer(section),
        client_id=section.text("client_id"),
        name=section.text("name", "OpenID Connect"),
        create=section.yes("create", False),
        only_local=section.text("only_local") if section.has("only_local") else "",
    )


def _issuer(section: Section) -> str:
    """Take the issuer as it stands in tokens, where a slash at the end belongs to it."""
    value = section.text("issuer")
    parts = urlsplit(value)
    here = parts.hostname in ("127.0.0.1", "::1", "localhost")
    secure = parts.scheme == "https" or (parts.scheme == "http" and here)
    if not secure or not parts.hostname or parts.query or parts.fragment:
        raise section.error("issuer", "must be an address such as https://login.example.gov.vn")
    return value


def api(section: Section) -> ApiSection:
    """Read the section on the REST interface."""
    return ApiSection(
        section.whole("requests_per_minute", 1, 1_000_000, 1_200),
        section.whole("failures_per_minute", 1, 1_000_000, 30),
    )
