"""A card: the folder of its FAT partition, and the folders of the machine that it starts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from device.placing.apply import apply
from device.placing.folders import Folders
from wire.enrolment import EnrolmentFile, dump_toml
from wire.envelope import root_hash


def fleet_root() -> str:
    """Return the certificate of a fleet root that has signed nothing."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Fleet root")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


FILE = EnrolmentFile(
    terminal="q1-quay-3",
    expires=1_795_336_200_000,
    counter="Q1-03",
    counter_name="Quầy 3",
    est_url="https://fleet.example.vn:8443",
    mqtt_host="10.0.0.5",
    mqtt_port=8883,
    fleet_root_pem=fleet_root(),
    fleet_key_x=root_hash("a" * 32),
    token="one-time-token-0001",
)


@dataclass
class Card:
    """A machine with a card in it."""

    root: Path

    @property
    def file(self) -> Path:
        """The enrolment file on the FAT partition."""
        return self.root / "boot/firmware/enrolment.toml"

    @property
    def state(self) -> Path:
        """The terminal's folder."""
        return self.root / "var/lib/hailong"

    @property
    def folders(self) -> Folders:
        """What `apply` is told."""
        return Folders(self.file.parent, self.state, self.root)

    def put(self, enrolment: EnrolmentFile | str) -> None:
        """Put an enrolment file on the card, as from a laptop."""
        content = enrolment if isinstance(enrolment, str) else dump_toml(enrolment)
        self.file.write_text(content, encoding="utf-8")

    def start(self) -> str:
        """Do what the machine does at its start."""
        return apply(self.folders, self.root)

    def board(self, serial: str) -> None:
        """Put the card into a board."""
        path = self.root / "sys/firmware/devicetree/base/serial-number"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(serial.encode() + b"\0")


def new_card(root: Path) -> Card:
    """Return a card as the image makes it: nobody's."""
    card = Card(root)
    card.file.parent.mkdir(parents=True)
    card.file.with_name("config.txt").write_text("# For the firmware.\n")
    card.state.mkdir(parents=True)
    return card
