"""Where a built district lies between two runs, and when it can't be gone on with.

In Hailong's cache folder, not in the checkout. A day later it is not built anew: it grows by the
day (`growing`), so that its newest day is always today. After an update its database is migrated,
as any fleet's. The name of the folder is what its days are made by: `GENERATION` and the seed.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path

from fleet_server.district.district import QUARTER_DAYS, SEED
from fleet_server.district.kept import Kept, load
from fleet_server.errors import FleetError
from provisioning import cache

GENERATION = 5
"""Grows with every change of what is made; a test fails where it was forgotten."""
MOST_DAYS = QUARTER_DAYS + 30
"""A district that has grown beyond this is built anew, so that its stories are recent."""
DAY_MS = 86_400_000


def folder() -> Path:
    """Return the folder of the district that this version makes."""
    return cache.folder() / f"district-{SEED}-{GENERATION}"


def usable(where: Path, now: int) -> Kept | None:
    """Return a district that can be gone on with at ``now`` (Unix milliseconds), or None."""
    kept = load(where)
    if kept is None or kept.until > now:
        return None
    begun = datetime.combine(kept.first, time(), UTC).timestamp() * 1_000
    return kept if now - begun < MOST_DAYS * DAY_MS else None


def clear(where: Path, *, part: bool) -> None:
    """Remove a district, and those that older versions made.

    Args:
        where: its folder.
        part: whether what was begun and not ended goes, too.
    """
    keep = {".lock"} if part else {".lock", ".part"}
    for one in where.parent.glob("district-*"):
        if one.suffix not in keep:
            shutil.rmtree(one)


@contextmanager
def held(where: Path) -> Iterator[None]:
    """Let no other demo use the district meanwhile.

    Raises:
        FleetError: one does.
    """
    where.parent.mkdir(parents=True, exist_ok=True)
    with where.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise FleetError(
                "the demo of the district is running already; end that one first"
            ) from None
        yield
