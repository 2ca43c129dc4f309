"""Takes the enrolment file of a card over: the terminal's settings, its network, its token.

It runs as root at every start of the machine, before terminal and uplink. In this order, so that
a power cut between any two steps is made good by the next start: network, token, settings, the
record of what was applied, and only then the file without secrets in the place of that on the card.
A file that is wrong, or a disk that refuses, leaves the former place as it was.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from device.hardware import board
from device.placing import network, trouble
from device.placing.folders import Applied, digest, read, write_root
from device.placing.trouble import SiteError
from device.settings.place import place
from wire.enrolment import MAX_FILE, EnrolmentFile, dump_toml, load_toml
from wire.errors import WireError
from wire.files import fsync_directory, write_atomic
from wire.networks import DHCP

if TYPE_CHECKING:
    from pathlib import Path

    from device.placing.folders import Folders

log = logging.getLogger(__name__)


def apply(folders: Folders, root: Path) -> str:
    """Give the terminal the place that the card's enrolment file names; return what was done.

    Args:
        folders: Where everything lies.
        root: Where ``/sys`` and ``/proc`` are, for the board's serial number.

    Raises:
        SiteError: It can't be; the former place stays, and the screen will say why.
    """
    try:
        folders.run.mkdir(mode=0o755, parents=True, exist_ok=True)
        done = _apply(folders)
        _forget(folders)
    except SiteError as error:
        _tell(folders, error)
        raise
    except OSError as error:
        told = trouble.in_storage(error)
        _tell(folders, told)
        raise told from None
    finally:
        _at_each_start(folders, root)
    return done


def _apply(folders: Folders) -> str:
    content = _on_card(folders)
    if content is None:
        return f"{folders.card}: is not there; the place stays as it was"
    applied = folders.applied()
    enrolment = _checked(folders.card, content)
    if digest(content) in applied.digests and folders.settings.exists():
        _without_secrets(folders, enrolment, content, applied)
        return f"{enrolment.terminal} stays at counter {enrolment.counter}"
    settings = place(enrolment, folders.enrolment.name, read(folders.settings) or b"")
    wifi = _network(folders, enrolment, applied)
    # Whose bundles RAUC installs; root's own copy, since the terminal's user could change its own.
    write_root(folders.keyring, enrolment.fleet_root_pem.encode())
    _settle(folders, enrolment, settings, applied)
    applied = Applied(enrolment.terminal, (digest(content),), wifi)
    folders.keep_applied(applied)
    _without_secrets(folders, enrolment, content, applied)
    return f"{enrolment.terminal} has its place at counter {enrolment.counter}"


# ---- the card ----


def _on_card(folders: Folders) -> bytes | None:
    """Return the bytes of the enrolment file; None where there is none and none is needed."""
    content = read(folders.card)
    if content is not None:
        return content
    if folders.card.exists():
        raise trouble.in_file(folders.card, f"cannot be read, or is longer than {MAX_FILE} bytes")
    if folders.settings.exists():
        return None
    if not _holds_anything(folders.card.parent):
        raise SiteError(f"{folders.card.parent}: holds nothing; write the card anew", "no_card")
    raise SiteError(f"{folders.card}: put the enrolment file there, and start again", "no_file")


def _holds_anything(boot: Path) -> bool:
    """Return False for a partition that is not there, or not mounted: it is never empty."""
    return boot.is_dir() and next(boot.iterdir(), None) is not None


def _checked(path: Path, content: bytes) -> EnrolmentFile:
    try:
        return load_toml(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise trouble.in_file(path, "is not UTF-8 text") from None
    except WireError as error:
        raise trouble.in_file(path, str(error)) from None


def _without_secrets(
    folders: Folders, enrolment: EnrolmentFile, content: bytes, applied: Applied
) -> None:
    """Put a file without secrets on the card, and know it again."""
    if enrolment == enrolment.without_secrets():
        return
    clean = dump_toml(enrolment.without_secrets()).encode()
    folders.keep_applied(replace(applied, digests=(digest(content), digest(clean))))
    try:
        write_atomic(folders.card, clean)
    except OSError as error:
        # The place is settled; a card that can't be written keeps its secrets, and the log says so.
        log.warning("the secrets cannot be deleted from the card: %s", trouble.in_storage(error))


# ---- the machine ----


def _network(folders: Folders, enrolment: EnrolmentFile, applied: Applied) -> str:
    """Write what the file names of network, Wi-Fi and SSH; return the name of the Wi-Fi's file."""
    asked = enrolment.network
    if asked is not None and asked.address != DHCP:
        write_root(folders.network, network.networkd(asked).encode())
    elif asked is not None:
        folders.network.unlink(missing_ok=True)  # the image's own files ask for an address
    if enrolment.ssh_key is None:
        folders.ssh.unlink(missing_ok=True)
    else:
        write_root(folders.ssh, f"{enrolment.ssh_key}\n".encode())
    wifi = enrolment.wifi
    if wifi is None:
        return applied.wifi
    name = network.iwd_name(wifi)
    write_root(folders.wifi_settings, network.iwd_main(wifi).encode())
    write_root(folders.wifi / name, network.iwd(wifi).encode(), 0o600)
    if applied.wifi and applied.wifi != name:
        (folders.wifi / applied.wifi).unlink(missing_ok=True)
    return name


def _at_each_start(folders: Folders, root: Path) -> None:
    """Tell networkd of the address, and the terminal of its board; both are gone at a new start."""
    with suppress(OSError):
        found = read(folders.network)
        if found is not None:
            write_root(folders.live_network, found)
        else:
            folders.live_network.unlink(missing_ok=True)
    serial = board.serial(root)
    if serial is not None:
        with suppress(OSError):
            folders.write_own(root / board.KEPT, serial.encode())


# ---- the terminal ----


def _settle(folders: Folders, enrolment: EnrolmentFile, settings: str, applied: Applied) -> None:
    """Write token and settings; what belongs to another terminal is put aside whole."""
    former = read(folders.settings)
    new = folders.settings.with_suffix(".toml.new")
    folders.write_own(new, settings.encode())
    if former is not None and former != settings.encode():
        folders.write_own(folders.settings.with_suffix(".toml.before"), former)
    folders.write_own(folders.enrolment, dump_toml(_for_uplink(folders, enrolment)).encode())
    if applied.terminal and applied.terminal != enrolment.terminal:
        aside = folders.leave_data(applied.terminal)
        log.warning("this was %s; its journal and key were put aside: %s", applied.terminal, aside)
    new.replace(folders.settings)
    fsync_directory(folders.state)


def _for_uplink(folders: Folders, enrolment: EnrolmentFile) -> EnrolmentFile:
    """Return what the uplink needs, without Wi-Fi; a token or proxy that is not named stays."""
    own = replace(enrolment, wifi=None)
    try:
        before = load_toml((read(folders.enrolment) or b"").decode("utf-8"))
    except (UnicodeDecodeError, WireError):
        return own
    if own.proxy is None:
        own = replace(own, proxy=before.proxy)
    if own.token is None and before.terminal == own.terminal:
        own = replace(own, token=before.token, expires=before.expires)
    return own


# ---- the word to the screen ----


def _tell(folders: Folders, error: SiteError) -> None:
    """Keep an error where the terminal finds it, also on a disk that is full."""
    for folder in (folders.state, folders.run):
        with suppress(OSError):
            folders.write_own(folder / trouble.FILE, trouble.dump(error))
            return


def _forget(folders: Folders) -> None:
    (folders.run / trouble.FILE).unlink(missing_ok=True)
    (folders.state / trouble.FILE).unlink(missing_ok=True)
