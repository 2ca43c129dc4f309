"""The broker: its configuration is that of the settings, and it answers with mutual TLS."""

import contextlib
import ssl
from collections.abc import Iterator

from fleet_server.callout.door import addresses_of
from fleet_server.doctor.patient import Patient
from fleet_server.found import broker_addresses
from fleet_server.mqtt.client import tls_context
from provisioning.broker.meeting import meet
from provisioning.broker.nodes import SIZE
from provisioning.broker.write import texts
from provisioning.errors import ProvisioningError
from provisioning.finding import Finding, good, wrong

CHECK = "broker"


def look(patient: Patient) -> Iterator[Finding]:
    """Compare the files, then connect as ingest would, and say nothing in MQTT."""
    broker = patient.settings.broker
    if broker.cluster:
        yield from _nodes(patient)
        return
    yield from _configuration(patient)
    yield _answers(patient, broker.host, "start: hailong-fleet broker")


def _nodes(patient: Patient) -> Iterator[Finding]:
    broker = patient.settings.broker
    addresses = addresses_of(broker)
    if len(addresses) < SIZE:
        yield wrong(
            CHECK,
            f"{broker.host}: has {len(addresses)} addresses, and the cluster {SIZE} nodes",
            "have the DNS give all of them: terminals find another node only by this name",
        )
    for address in addresses:
        yield _answers(patient, address, "on that node: systemctl start hailong-nats")


def _answers(patient: Patient, address: str, start: str) -> Finding:
    broker = patient.settings.broker
    where = f"{address}:{broker.port}"
    try:
        meet((address, broker.port), broker.host, tls_context(patient.settings.layout))
    except ssl.SSLError as error:
        why = error.reason or str(error)
        advice = "is [broker] host among the server certificate's names? see certificates"
        return wrong(CHECK, f"{where}: no mutual TLS ({why})", advice)
    except OSError as error:
        why = error.strerror or str(error)
        return wrong(CHECK, f"{where}: does not answer ({why})", start)
    return good(CHECK, f"{where}: answers, and takes ingest's certificate")


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
