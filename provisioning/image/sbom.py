"""What an image is made of, for whoever must know next year whether a flaw concerns it.

CycloneDX 1.6 by its own library: Debian's packages from dpkg's status, Python's from the lock.
The same image gives the same bytes: its date is the image's, its serial number follows from its
content.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

_PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def debian(status: Path) -> dict[str, str]:
    """Return name and version of each installed package from dpkg's status file."""
    found = {}
    for paragraph in status.read_text().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in paragraph.splitlines() if _is_field(line))
        if fields.get("Status", "").endswith(" installed"):
            found[fields["Package"]] = fields["Version"]
    return found


def python(lock: Path) -> dict[str, str]:
    """Return name and version of each package that the lock names."""
    pinned = (_PINNED.match(line) for line in lock.read_text().splitlines())
    return {match["name"]: match["version"] for match in pinned if match}


def document(version: str, epoch: int, debs: dict[str, str], lock: Path) -> str:
    """Return the bill of materials as JSON."""
    subject = Component(
        name="hailong-terminal",
        version=version,
        type=ComponentType.OPERATING_SYSTEM,
        bom_ref="hailong-terminal",
    )
    parts = [*_debian_parts(debs), *_python_parts(lock)]
    serial = uuid5(NAMESPACE_URL, "\n".join(str(part.purl) for part in parts))
    bom = Bom(
        components=parts,
        serial_number=serial,
        metadata=BomMetaData(component=subject, timestamp=datetime.fromtimestamp(epoch, UTC)),
    )
    bom.register_dependency(subject, parts)
    return JsonV1Dot6(bom).output_as_string(indent=1)


def _debian_parts(debs: dict[str, str]) -> Iterator[Component]:
    for name, version in sorted(debs.items()):
        purl = PackageURL("deb", "debian", name, version, {"arch": "arm64"})
        yield Component(name=name, version=version, purl=purl, bom_ref=str(purl))


def _python_parts(lock: Path) -> Iterator[Component]:
    for block in re.split(r"\n(?=\S)", lock.read_text()):
        if match := _PINNED.match(block):
            purl = PackageURL("pypi", None, match["name"], match["version"])
            hashes = [HashType(alg=HashAlgorithm.SHA_256, content=h) for h in _HASH.findall(block)]
            yield Component(
                name=match["name"],
                version=match["version"],
                purl=purl,
                bom_ref=str(purl),
                hashes=hashes,
            )


def _is_field(line: str) -> bool:
    return ": " in line and not line.startswith(" ")
