"""The broker: its configuration is that of the settings, and it answers with mutual TLS."""

import contextlib
import socket
import ssl
from collections.abc import Iterator

from fleet_server.doctor.finding import Finding, Patient, good, wrong
from fleet_server.found import broker_addresses
from fleet_server.mqtt.client import tls_context
from provisioning.broker.write import texts
from provisioning.errors import ProvisioningError

CHECK = "broker"
WAIT_S = 5
REFUSED_S = 0.3
"""How long a refusal of our certificate may take to come, which TLS 1.3 sends after the rest."""


def look(patient: Patient) -> Iterator[Finding]:
    """Compare the files, then connect as ingest would, and say nothing in MQTT."""
    yield from _configuration(patient)
    broker = patient.settings.broker
    where = f"{broker.host}:{broker.port}"
    try:
        _meet(broker.host, broker.port, tls_context(patient.settings.layout))
    except ssl.SSLError as error:
        why = error.reason or str(error)
        advice = "is [broker] host among the server certificate's names? see certificates"
        yield wrong(CHECK, f"{where}: no mutual TLS ({why})", advice)
    except OSError as error:
        why = error.strerror or str(error)
        yield wrong(CHECK, f"{where}: does not answer ({why})", "start: hailong-fleet broker")
    else:
        yield good(CHECK, f"{where}: answers, and takes ingest's certificate")


def _configuration(patient: Patient) -> Iterator[Finding]:
    try:
        wanted = texts(patient.settings.layout, broker_addresses(patient.settings))
    except ProvisioningError as error:
        yield wrong(CHECK, str(error), "put it back from your copy of the keys")
        return
    stale = []
    for path, text in wanted.items():
        with contextlib.suppress(OSError):
            if path.read_text("utf-8") == text:
                continue
        stale.append(path)
    for path in stale:
        yield wrong(
            CHECK,
            f"{path}: is not what the settings say",
            "start hailong-fleet broker anew, which writes it",
        )
    if not stale:
        yield good(CHECK, "its configuration is that of the settings")


def _meet(host: str, port: int, context: ssl.SSLContext) -> None:
    """Shake hands, and wait a moment for a refusal.

    Raises:
        OSError: nobody answers, or one of both does not believe the other.
    """
    with (
        socket.create_connection((host, port), WAIT_S) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        secure.settimeout(REFUSED_S)
        with contextlib.suppress(TimeoutError):
            secure.recv(1)
