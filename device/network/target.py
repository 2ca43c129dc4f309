"""Where this terminal's fleet is: what the enrolment left, else what the enrolment file says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from device.errors import DeviceError, sentence
from device.identity.files import IdentityFiles
from wire.enrolment import load_toml
from wire.errors import WireError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Target:
    """Where to, and as whom.

    Attributes:
        terminal: Terminal id.
        est: Host and port of the enrolment server.
        mqtt: Host and port of the broker.
        root_pem: The fleet root, which both must be under.
        certificate: Own certificate, None before the enrolment; ``key``, its private key.
        fleet_key_x: Public key that signs key lists, None before the enrolment.
        proxy: ``http://host:port`` to go through, None for none.
    """

    terminal: str
    est: tuple[str, int]
    mqtt: tuple[str, int]
    root_pem: str
    certificate: Path | None = None
    key: Path | None = None
    fleet_key_x: str | None = None
    proxy: str | None = None


def target_of(data: Path, enrolment: Path) -> Target:
    """Return where the terminal whose files are under ``data`` should reach its fleet.

    Raises:
        DeviceError: It is not enrolled, and the enrolment file is of no use either.
    """
    files = IdentityFiles(data)
    fleet = files.read_fleet()
    if fleet is not None:
        held = files.certificate.exists()
        return Target(
            fleet.terminal,
            address_of(fleet.est_url),
            (fleet.mqtt_host, fleet.mqtt_port),
            files.read_root(),
            files.certificate if held else None,
            files.key if held else None,
            fleet.fleet_key_x,
            fleet.proxy,
        )
    try:
        file = load_toml(enrolment.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, WireError) as error:
        why = sentence(error) if isinstance(error, OSError) else f"{enrolment}: {error}"
        raise DeviceError(f"this terminal is not enrolled yet, and {why}") from None
    mqtt = (file.mqtt_host, file.mqtt_port)
    return Target(
        file.terminal, address_of(file.est_url), mqtt, file.fleet_root_pem, proxy=file.proxy
    )


def address_of(url: str) -> tuple[str, int]:
    """Return host and port of an address as ``https://host:port``."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 443
