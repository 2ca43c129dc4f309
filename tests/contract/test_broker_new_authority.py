"""After the issuing CA was replaced, the broker refuses all that the former one signed."""

from pathlib import Path

import pytest

from provisioning.pki import files
from tests.fakes.authorities import end_the_issuing_ca
from tests.fakes.brokers import KINDS, BrokerKind, running_broker
from tests.fakes.fleets import Identity, enrolled, ingest_identity, new_counter, new_fleet
from tests.fakes.mqtt import mqtt


def kept(identity: Identity, folder: Path, issuing: Path) -> Identity:
    """A copy of a client's files, with the former CA's certificate sent along."""
    folder.mkdir()
    copy = Identity(identity.name, folder / "crt", folder / "key")
    copy.key.write_bytes(identity.key.read_bytes())
    certificate = files.read_certificate(identity.certificate)
    files.write_certificates(copy.certificate, [certificate, files.read_certificate(issuing)])
    return copy


@pytest.mark.parametrize("kind", KINDS)
def test_who_holds_a_certificate_of_the_former_authority_is_refused(
    engine: str, tmp_path: Path, kind: BrokerKind
) -> None:
    fleet = new_fleet(tmp_path / "fleet", kind)
    new_counter(fleet)
    issuing = fleet.layout.issuing_certificate
    former = kept(enrolled(fleet, "t-1"), tmp_path / "terminal", issuing)
    thief = kept(ingest_identity(fleet), tmp_path / "thief", issuing)
    with running_broker(kind, fleet.layout.directory) as broker:
        with mqtt(fleet, former):
            pass
        end_the_issuing_ca(fleet.layout)
        broker.restart()
        for identity in (former, thief):
            with mqtt(fleet, identity, expect=False) as client:
                assert client.answer != "Success"
        with mqtt(fleet, enrolled(fleet, "t-2")), mqtt(fleet, ingest_identity(fleet)):
            pass
