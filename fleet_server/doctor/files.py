"""Who may read secrets and keys."""

import stat
from collections.abc import Iterator
from pathlib import Path

from fleet_server.addresses import is_sqlite
from fleet_server.doctor.patient import Patient
from fleet_server.store.sqlite import path_of
from provisioning.finding import Finding, good, note, wrong
from provisioning.layout import FleetLayout

CHECK = "files"


def look(patient: Patient) -> Iterator[Finding]:
    """Look at the modes of all that is secret, and at what should not lie here at all."""
    layout = patient.settings.layout
    yield good(CHECK, f"{patient.settings.path}: read, and every key is known")
    missing = [path for path in _needed(layout) if not path.exists()]
    for path in missing:
        yield wrong(CHECK, f"{path}: is not there", "put it back from your copy of the keys")
    secret = _secret(layout) + (
        [path_of(patient.settings.database.url)] if is_sqlite(patient.settings.database.url) else []
    )
    open_to_others = [path for path in secret if path.exists() and _mode(path) & 0o077]
    for path in open_to_others:
        yield wrong(CHECK, f"{path}: others can read it", f"run: chmod go= {path}")
    if not open_to_others:
        yield good(CHECK, f"{len(secret)} secret files and folders are their owner's alone")
    for path in (layout.root_key, layout.fleet_key, layout.update_key):
        if path.exists():
            yield note(
                CHECK,
                f"{path}: lies on the server, which does not need it",
                "give it a passphrase (hailong-provision ca passphrase), and move it to a "
                "place without network, such as a stick in a safe",
            )


def _needed(layout: FleetLayout) -> list[Path]:
    return [
        layout.root_certificate, layout.issuing_certificate, layout.issuing_key, layout.ca_chain,
        layout.server_certificate, layout.server_key, layout.issuing_crl, layout.receipt_key,
        layout.control_key, layout.key_list, layout.flask_secret, layout.password_salt,
        layout.second_factor_secret, layout.contact_secret, layout.draw_secret,
        layout.ticket_secret,
    ]  # fmt: skip


def _secret(layout: FleetLayout) -> list[Path]:
    folders = [
        layout.directory, layout.pki, layout.keys, layout.secrets, layout.enrolment, layout.posting,
    ]  # fmt: skip
    files = [path for folder in folders[1:] if folder.is_dir() for path in folder.iterdir()]
    private = [path for path in files if path.suffix in (".key", ".nk", ".secret", ".salt")]
    return [
        *folders, *private, layout.database_passfile, layout.mail_password, layout.chat,
        layout.draw_secret,
    ]  # fmt: skip


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
