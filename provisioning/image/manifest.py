"""The papers of an image: what its files are, what they were made of, and who says so.

``manifest.json`` names size and SHA-256 of each file; ``manifest.json.sig`` is a signature over
its bytes by the fleet's update key, so a flash drive or a web server in between need not be
trusted. ``openssl`` can check it too: ``openssl dgst -sha256 -verify`` (a P-256 key).
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from provisioning.errors import ProvisioningError
from wire.files import write_atomic

NAME = "manifest.json"
SIGNATURE = "manifest.json.sig"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class FileNote:
    """Size in bytes and SHA-256 of a file."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What is known of an image.

    Attributes:
        version: of Hailong.
        epoch: date of its files, in seconds since 1970.
        base_sha256: the Debian base that it was made from; the same one gives the same image.
        files: each file of the image beside the manifest.
        debian: Debian's packages and their versions.
        python: Python's.
    """

    version: str
    epoch: int
    base_sha256: str
    files: dict[str, FileNote]
    debian: dict[str, str]
    python: dict[str, str]


def note(path: Path) -> FileNote:
    """Read a file to its end and return its note."""
    seen = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_CHUNK):
            seen.update(part)
    return FileNote(path.stat().st_size, seen.hexdigest())


def write(folder: Path, manifest: Manifest) -> None:
    """Put the manifest into ``folder``, without a signature: an old one is taken away."""
    (folder / SIGNATURE).unlink(missing_ok=True)
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True)
    write_atomic(folder / NAME, f"{text}\n".encode())


def sign(folder: Path, key: ec.EllipticCurvePrivateKey) -> None:
    """Sign the manifest in ``folder`` with the update key."""
    signature = key.sign((folder / NAME).read_bytes(), ec.ECDSA(hashes.SHA256()))
    write_atomic(folder / SIGNATURE, signature)


def check_signature(folder: Path, certificate: Path) -> None:
    """Check that the owner of ``certificate`` signed the manifest.

    Raises:
        ProvisioningError: there is no signature, or it is of another key or another manifest.
    """
    try:
        public = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    except ValueError:
        raise ProvisioningError(f"{certificate}: not a certificate in PEM") from None
    told, signature = _text(folder), folder / SIGNATURE
    if not signature.exists():
        raise ProvisioningError(f"{signature} is missing: this image was not signed")
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise ProvisioningError(f"{certificate}: not an update certificate; its key is not P-256")
    try:
        public.verify(signature.read_bytes(), told, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise ProvisioningError(
            f"{folder / NAME} was not signed with the key of {certificate}, or was changed"
            " afterwards: don't use this image, and ask where it came from"
        ) from None


def _text(folder: Path) -> bytes:
    path = folder / NAME
    if not path.exists():
        raise ProvisioningError(f"{path} is missing: an image is a folder with one")
    return path.read_bytes()


def read(folder: Path) -> dict[str, FileNote]:
    """Return the notes of the files.

    Raises:
        ProvisioningError: no manifest there, or it is damaged.
    """
    path = folder / NAME
    try:
        content: dict[str, Any] = json.loads(_text(folder))
        return {
            str(name): FileNote(int(value["size"]), str(value["sha256"]))
            for name, value in content["files"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProvisioningError(f"{path} is damaged: copy the image's folder again") from None


def check_files(folder: Path) -> list[str]:
    """Compare each file with its note and return their names.

    Raises:
        ProvisioningError: a file is missing, cut off or changed.
    """
    notes = read(folder)
    for name, expected in notes.items():
        _check(folder / Path(name).name, expected)
    return sorted(notes)


def _check(path: Path, expected: FileNote) -> None:
    if not path.exists():
        raise ProvisioningError(f"{path} is missing: copy the image's folder again")
    size = path.stat().st_size
    if size != expected.size:
        what = "cut off" if size < expected.size else "too long"
        raise ProvisioningError(
            f"{path} is {what}: {size} bytes instead of {expected.size}; copy it again"
        )
    if note(path) != expected:
        raise ProvisioningError(f"{path} is damaged or was changed; copy it again")
