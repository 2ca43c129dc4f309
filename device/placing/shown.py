"""What the screen shows of a terminal that could not be given its place."""

from __future__ import annotations

from pathlib import Path

from device.core.view import Note, View
from device.placing import trouble
from device.placing.folders import RUN

_FALLBACK = Path("/") / RUN


def site_trouble(folder: Path, counter: str = "") -> View | None:
    """Return what to show of the error kept in ``folder`` or, from a full disk, beside it.

    None where there is no error.
    """
    error = trouble.read(folder) or trouble.read(_FALLBACK)
    if error is None:
        return None
    return unplaced(error, counter)


def unplaced(error: trouble.SiteError, counter: str = "") -> View:
    """Return what to show of an error."""
    notes = (Note("Entry", error.field, "bad"),) if error.field else ()
    return View("unplaced", counter, unplaced=error.what, notes=notes)
