"""What the screen shows of a terminal that could not be given its place."""

from __future__ import annotations

from pathlib import Path

from device.core.view import Note, View
from device.placing import trouble
from device.placing.entries import allowed_in
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
    notes: tuple[Note, ...] = (Note("Entry", error.field, "bad"),) if error.field else ()
    if error.what == "field" and (allowed := allowed_in(error.field)):
        notes += (Note(allowed),)
    return View("unplaced", counter, unplaced=error.what, notes=notes)
