"""fleet.toml: read once at start, checked whole, then passed on as frozen dataclasses.

Paths in the file are relative to the file. Every error names the section and the key.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fleet_server.settings import reading
from fleet_server.settings.section import Section, SettingsError
from fleet_server.settings.sections import (
    ApiSection,
    BrokerKind,
    BrokerSection,
    DatabaseSection,
    EstSection,
    FleetSection,
    InterviewsSection,
    MailSection,
    OidcSection,
    PublicSection,
    QrSection,
    SignInSection,
    WebhooksSection,
    WebSection,
)
from provisioning.layout import FleetLayout
from wire import toml
from wire.errors import WireError

__all__ = [
    "ApiSection",
    "BrokerKind",
    "BrokerSection",
    "DatabaseSection",
    "EstSection",
    "FleetSection",
    "InterviewsSection",
    "MailSection",
    "OidcSection",
    "PublicSection",
    "QrSection",
    "Settings",
    "SettingsError",
    "SignInSection",
    "WebSection",
    "WebhooksSection",
    "load",
    "locate",
    "parse",
]

ENVIRONMENT = "HAILONG_FLEET"
DEFAULT_FILE = Path("fleet.toml")
MAX_BYTES = 65_536


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
    sign_in: SignInSection
    qr: QrSection
    public: PublicSection
    oidc: OidcSection | None
    interviews: InterviewsSection
    mail: MailSection | None

    @property
    def layout(self) -> FleetLayout:
        """The paths of the fleet directory that the file lies in."""
        return FleetLayout(self.path.parent)


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
        document = toml.load(data.decode())
    except (UnicodeDecodeError, WireError) as error:
        raise SettingsError(f"{path}: not a TOML file: {error}") from None
    sections = {name: _table(document, path, name) for name in _SECTIONS}
    for name in document:
        if name not in _SECTIONS:
            raise SettingsError(f"{path}: [{name}] is not a known section")
    settings = Settings(
        path=path,
        fleet=reading.fleet(sections["fleet"]),
        database=reading.database(sections["database"], path),
        web=reading.web(sections["web"]),
        est=reading.est(sections["est"]),
        broker=reading.broker(sections["broker"]),
        api=reading.api(sections["api"]),
        webhooks=reading.webhooks(sections["webhooks"]),
        sign_in=reading.sign_in(sections["sign_in"]),
        qr=reading.qr(sections["qr"]),
        public=reading.public(sections["public"]),
        oidc=reading.oidc(sections["oidc"]) if "oidc" in document else None,
        interviews=reading.interviews(sections["interviews"]),
        mail=reading.mail(sections["mail"]) if "mail" in document else None,
        retention=reading.retention(sections["retention"]),
    )
    for section in sections.values():
        section.done()
    return settings


_OPTIONAL = (
    "api", "webhooks", "sign_in", "qr", "public", "oidc", "interviews", "mail", "retention",
)  # fmt: skip
_SECTIONS = ("fleet", "database", "web", "est", "broker", *_OPTIONAL)


def _table(document: Mapping[str, object], path: Path, name: str) -> Section:
    table = document.get(name, {} if name in _OPTIONAL else None)
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: the section [{name}] is missing")
    return Section(path, name, table)
