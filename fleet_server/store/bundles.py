"""Bundles that terminals can be updated with; the files lie in the fleet directory."""

from dataclasses import dataclass

from fleet_server.store import audit_log, changes
from fleet_server.store.database import rows, writing
from fleet_server.store.models import Rollout, UpdateBundle


class BundleError(ValueError):
    """A bundle can't be added or removed; the text says why."""


@dataclass(frozen=True, slots=True)
class Held:
    """A bundle; times in Unix milliseconds."""

    sha256: str
    version: str
    size: int
    added_at: int
    added_by: str
    removed_at: int | None


_COLUMNS = (
    UpdateBundle.sha256,
    UpdateBundle.version,
    UpdateBundle.size,
    UpdateBundle.added_at,
    UpdateBundle.added_by,
    UpdateBundle.removed_at,
)


def listed() -> list[Held]:
    """Return the bundles that are there, the newest first."""
    query = UpdateBundle.select(*_COLUMNS).where(UpdateBundle.removed_at.is_null())
    return [Held(*row) for row in rows(query.order_by(UpdateBundle.added_at.desc()))]


def find(text: str) -> Held | None:
    """Return the bundle that is there of a version or hash."""
    return next((one for one in listed() if text in (one.version, one.sha256)), None)


def add(sha256: str, version: str, size: int, actor: str, now: int) -> None:
    """Enter a bundle whose file is in place; one that was removed is there again.

    Raises:
        BundleError: another bundle of this version is there: terminals tell images by it.
    """
    with writing():
        held = find(version)
        if held is not None and held.sha256 != sha256:
            raise BundleError(f"version {version} is there already with other content")
        if held is not None:
            return
        UpdateBundle.insert(
            sha256=sha256, version=version, size=size, added_at=now, added_by=actor, removed_at=None
        ).on_conflict(
            conflict_target=[UpdateBundle.sha256],
            update={"removed_at": None, "added_at": now, "added_by": actor},
        ).execute()
        details = {"version": version, "size": size}
        audit_log.note(actor, "update.add", f"update:{sha256}", details, at=now)
        changes.note(changes.FLEET)


def remove(sha256: str, actor: str, now: int) -> None:
    """Take a bundle away; its row stays, for the rollouts that it was in.

    Raises:
        BundleError: terminals are being brought to it.
    """
    with writing():
        busy = Rollout.select().where(Rollout.bundle == sha256, Rollout.ended_at.is_null())
        if busy.exists():
            raise BundleError("it is being rolled out; stop that first, on the page Updates")
        UpdateBundle.update(removed_at=now).where(UpdateBundle.sha256 == sha256).execute()
        audit_log.note(actor, "update.remove", f"update:{sha256}", at=now)
        changes.note(changes.FLEET)
