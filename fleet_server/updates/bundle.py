"""Taking a bundle in: its signature checked by RAUC, as a terminal will, and its file in place.

RAUC itself, Debian's package on the server too, rather than a reader of our own: what it refuses
here a terminal would refuse after a download of 160 MB.
"""

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fleet_server.errors import FleetError
from provisioning.layout import FleetLayout
from provisioning.pki.files import make_directory
from wire.commands import LARGEST_BUNDLE, VERSION
from wire.files import fsync_directory

COMPATIBLE = "hailong-terminal"
_CHUNK = 1 << 20
_WAIT_S = 300
_CONFIG = """\
[system]
compatible={compatible}
bootloader=noop
bundle-formats=plain verity
[keyring]
path={root}
check-purpose=codesign
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """A bundle whose file is in place."""

    sha256: str
    version: str
    size: int


def take(layout: FleetLayout, source: Path, moved: Callable[[int], None]) -> Taken:
    """Check a bundle and put its file into the fleet directory.

    Args:
        layout: the fleet directory.
        source: the bundle.
        moved: called with the bytes of each step.

    Raises:
        FleetError: it is no bundle that this fleet's terminals would install.
    """
    # What is checked is our copy: nobody can put other bytes in its place meanwhile.
    make_directory(layout.updates, 0o750)
    with tempfile.NamedTemporaryFile(dir=layout.updates, suffix=".new", delete=False) as copy:
        path = Path(copy.name)
    try:
        sha256, size = _copied(source, path, moved)
        version = version_of(layout, path)
        path.chmod(0o640)
        path.replace(layout.updates / sha256)
        fsync_directory(layout.updates)
    finally:
        path.unlink(missing_ok=True)
    return Taken(sha256, version, size)


def version_of(layout: FleetLayout, path: Path) -> str:
    """Return the version that a bundle names, once RAUC has checked who signed it.

    Raises:
        FleetError: it did not sign for this fleet's terminals.
    """
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "system.conf"
        text = _CONFIG.format(compatible=COMPATIBLE, root=layout.root_certificate)
        config.write_text(text, encoding="utf-8")
        said = _info(config, path)
    if said.get("compatible") != COMPATIBLE:
        raise FleetError(f"the bundle is for {said.get('compatible')!r}, not for {COMPATIBLE}")
    version = said.get("version")
    if not isinstance(version, str) or not VERSION.fullmatch(version):
        raise FleetError(f"the bundle's version is {version!r}; it must be one such as 1.4.0")
    return version


def _info(config: Path, path: Path) -> dict[str, object]:
    words = ["rauc", f"--conf={config}", "info", "--output-format=json", str(path)]
    try:
        # Our own words and our own file, found on the PATH of whoever runs the command.
        done = subprocess.run(  # noqa: S603  # as the comment above says
            words, capture_output=True, timeout=_WAIT_S, check=False
        )
    except FileNotFoundError:
        raise FleetError("rauc is not installed here: apt-get install rauc") from None
    except subprocess.TimeoutExpired:
        raise FleetError(f"rauc did not end within {_WAIT_S} s") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise FleetError(f"rauc refuses the bundle: {(lines or ['it did not say why'])[-1][:300]}")
    found: dict[str, object] = json.loads(done.stdout)
    return found


def _copied(source: Path, path: Path, moved: Callable[[int], None]) -> tuple[str, int]:
    digest, done = hashlib.sha256(), 0
    try:
        with source.open("rb") as given, path.open("wb") as copy:
            size = os.fstat(given.fileno()).st_size
            if not 0 < size <= LARGEST_BUNDLE:
                raise FleetError(f"{source}: {size} bytes are no bundle")
            while chunk := given.read(_CHUNK):
                digest.update(chunk)
                copy.write(chunk)
                done += len(chunk)
                moved(len(chunk))
            copy.flush()
            os.fsync(copy.fileno())
    except OSError as error:
        raise FleetError(f"{source}: can't be taken in ({error.strerror})") from None
    return digest.hexdigest(), done
