"""The enrolment file of one terminal: what a technician puts on its card."""

from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import files, keylist
from wire.enrolment import EnrolmentFile, dump_toml
from wire.files import write_atomic


def common(layout: FleetLayout) -> dict[str, str]:
    """Return what the files of all terminals of a fleet say: whom to trust.

    Raises:
        ProvisioningError: the fleet root or the fleet's public key is missing.
    """
    root = files.read_certificate(layout.root_certificate)
    return {
        "fleet_root_pem": files.pem([root]).decode(),
        "fleet_key_x": keylist.fleet_key_x(layout),
    }


@dataclass(frozen=True, slots=True)
class Server:
    """How terminals reach the fleet.

    Attributes:
        est_url: ``https://host:port`` of the enrolment server.
        mqtt_host: host of the broker, as it stands in the server certificate.
        mqtt_port: its TLS port.
    """

    est_url: str
    mqtt_host: str
    mqtt_port: int


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is invited to enrol, where it will stand, and until when (Unix milliseconds)."""

    terminal: str
    counter: str
    counter_name: str
    token: str
    expires: int


def text(layout: FleetLayout, invitation: Invitation, server: Server) -> str:
    """Return an enrolment file as text; it holds a secret.

    Raises:
        ProvisioningError: the fleet root or the fleet's public key is missing.
        WireError: a field is out of its limits.
    """
    whom = common(layout)
    content = EnrolmentFile(
        terminal=invitation.terminal,
        token=invitation.token,
        expires=invitation.expires,
        counter=invitation.counter,
        counter_name=invitation.counter_name,
        est_url=server.est_url,
        mqtt_host=server.mqtt_host,
        mqtt_port=server.mqtt_port,
        fleet_root_pem=whom["fleet_root_pem"],
        fleet_key_x=whom["fleet_key_x"],
    )
    return dump_toml(content)


def keep(layout: FleetLayout, terminal: str, content: str) -> Path:
    """Write the text of an enrolment file where only its owner can read it; return where."""
    files.make_directory(layout.enrolment, files.PRIVATE_DIRECTORY)
    path = layout.enrolment_file(terminal)
    write_atomic(path, content.encode(), files.PRIVATE)
    return path


def remove(layout: FleetLayout, terminal: str) -> None:
    """Delete a terminal's enrolment file, if there is one.

    Raises:
        ProvisioningError: it can't be deleted.
    """
    path = layout.enrolment_file(terminal)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ProvisioningError(f"{path}: can't be deleted ({error.strerror})") from None
