"""What one machine gives another of a fleet's papers; `provisioning.pki.taking` takes it.

The public set is for whoever verifies. The server's set adds the keys that the server signs with,
under a passphrase for the way, and never the offline keys. It has no revocation list of the
issuing CA: the server writes that list, and an older one would forget who was revoked since.
"""

import io
import tarfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import files
from provisioning.pki.files import Unlock
from wire.files import write_atomic

Set = Mapping[str, bytes]
"""Content by path within a fleet directory."""

_MOST = 1_000_000


def public(layout: FleetLayout) -> Set:
    """Return what may be known to anybody: certificates, revocation lists, key list.

    Raises:
        OSError: one of them can't be read.
    """
    paths = [*common(layout), layout.ca_chain, layout.issuing_crl, layout.crl_chain]
    return {name_of(layout, path): path.read_bytes() for path in paths}


def for_server(layout: FleetLayout, unlock: Unlock, lock: Callable[[], bytes]) -> Set:
    """Return what a server needs, its keys under the passphrase that ``lock`` gives.

    Raises:
        ProvisioningError: a key can't be opened.
        OSError: a file can't be read.
    """
    plain = {name_of(layout, path): path.read_bytes() for path in common(layout)}
    opened = {path: files.read_pem(path, unlock) for path in online(layout)}
    chosen = lock()
    secret = {name_of(layout, path): files.locked(pem, chosen) for path, pem in opened.items()}
    return {**plain, **secret}


def write(content: Set, out: Path) -> None:
    """Write a set as a tar file, or as a folder if ``out`` doesn't end with ``.tar``.

    Raises:
        ProvisioningError: there is something at ``out``.
        OSError: it can't be written.
    """
    make_sure_new(out)
    if out.suffix == ".tar":
        write_atomic(out, _tar(content), files.PRIVATE)
        return
    for name, data in content.items():
        path = out / name
        files.make_directory(path.parent)
        write_atomic(path, data, files.PRIVATE if path.suffix == ".key" else 0o644)


def make_sure_new(out: Path) -> None:
    """Refuse to write where there is something.

    Raises:
        ProvisioningError: there is.
    """
    if out.exists():
        raise ProvisioningError(f"{out} exists already; please give a new name")


def read(source: Path) -> Set:
    """Read a set, tar file or folder; what else lies there is left alone.

    Raises:
        ProvisioningError: there is none.
    """
    layout = FleetLayout(Path("/"))
    known = {name_of(layout, path) for path in _taken(layout)}
    try:
        found = _from_folder(source, known) if source.is_dir() else _from_tar(source, known)
    except OSError as error:
        raise ProvisioningError(f"{source}: can't be read ({error.strerror})") from None
    except (tarfile.TarError, EOFError):
        raise ProvisioningError(f"{source}: neither a folder nor a whole tar file") from None
    missing = {name_of(layout, path) for path in common(layout)} - found.keys()
    if missing:
        raise ProvisioningError(
            f"{source}: has no {min(missing)}; make it by: hailong-provision ca export"
        )
    return found


def common(layout: FleetLayout) -> list[Path]:
    """Return the papers that every set has."""
    return [
        layout.root_certificate, layout.issuing_certificate, layout.root_crl,
        layout.fleet_public_key, layout.key_list,
    ]  # fmt: skip


def online(layout: FleetLayout) -> list[Path]:
    """Return the keys that a server signs with."""
    return [layout.issuing_key, layout.receipt_key, layout.control_key]


def name_of(layout: FleetLayout, path: Path) -> str:
    """Return what a file is called in a set."""
    return path.relative_to(layout.directory).as_posix()


def _taken(layout: FleetLayout) -> list[Path]:
    return [*common(layout), *online(layout), layout.issuing_crl]


def _tar(content: Set) -> bytes:
    """Return a tar file that is the same bytes for the same content."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, data in sorted(content.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), files.PRIVATE
            tar.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def _from_tar(source: Path, known: Iterable[str]) -> Set:
    found = {}
    with tarfile.open(source, mode="r:") as tar:
        for name in known:
            entry = tar.getmember(name) if name in tar.getnames() else None
            file = tar.extractfile(entry) if entry and entry.size <= _MOST else None
            if file is not None:
                found[name] = file.read()
    return found


def _from_folder(source: Path, known: Iterable[str]) -> Set:
    there = [name for name in known if (source / name).is_file()]
    return {name: (source / name).read_bytes() for name in there}
